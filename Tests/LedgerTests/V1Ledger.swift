/// A ledger as the first version of the schema wrote it, as SQL text. Never changed: every later
/// version must open it (`UpgradeTests`).
let v1Ledger = """
  PRAGMA application_id = 2003726199;
  PRAGMA user_version = 1;
  PRAGMA foreign_keys=OFF;
  BEGIN TRANSACTION;
  CREATE TABLE word (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  );
  INSERT INTO word VALUES(1,'sam');
  INSERT INTO word VALUES(2,'ann');
  INSERT INTO word VALUES(3,'matched');
  INSERT INTO word VALUES(4,'no-lead');
  CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state INTEGER NOT NULL,
    started INTEGER NOT NULL,
    staging BLOB NOT NULL,
    destination BLOB NOT NULL,
    program TEXT NOT NULL,
    config BLOB,
    users BLOB,
    lists BLOB,
    manifest BLOB,
    first_decision INTEGER,
    last_decision INTEGER,
    items INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    new_records INTEGER NOT NULL DEFAULT 0,
    changed_records INTEGER NOT NULL DEFAULT 0,
    next_source INTEGER NOT NULL DEFAULT 1,
    pruned INTEGER
  );
  INSERT INTO run VALUES(1,2,1790000000,X'6f75742f2e77696e6e6f772d31',X'6f75742f31','0.1',X'01',\
  X'02',X'03',NULL,1,2,0,0,0,0,0,4,0,2,NULL);
  INSERT INTO run VALUES(2,2,1790086400,X'6f75742f2e77696e6e6f772d32',X'6f75742f32','0.1',NULL,\
  NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,1,2,NULL);
  CREATE TABLE record (
    key BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run(id),
    digest INTEGER,
    first_run INTEGER
  ) WITHOUT ROWID;
  INSERT INTO record VALUES(X'0651863bf5d902262b17c4621ec34054',0,1,NULL,NULL);
  INSERT INTO record VALUES(X'0ebb429fa86d481c2630fac53db1c91c',2,2,8,1);
  INSERT INTO record VALUES(X'496aca80e4d8f29fb8e8cd816c3afb48',3,1,-1,NULL);
  INSERT INTO record VALUES(X'e3456bc1f4d270f4a97933758645fdc2',1,1,NULL,NULL);
  CREATE TABLE total (
    kind INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    sum INTEGER NOT NULL
  );
  INSERT INTO total VALUES(0,1,-7605691269963447451);
  INSERT INTO total VALUES(1,1,-5519831114333317835);
  INSERT INTO total VALUES(2,1,-8283477721375818012);
  INSERT INTO total VALUES(3,1,-3046531065861315484);
  CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run(id),
    shape INTEGER NOT NULL,
    user INTEGER REFERENCES word(id),
    reason INTEGER NOT NULL REFERENCES word(id),
    date INTEGER,
    item BLOB,
    subject TEXT,
    leads TEXT,
    records BLOB
  );
  INSERT INTO decision VALUES(1,1,80,1,3,1780000000,X'00d8d3f11739d2f3537099982b4674c2','Offer',\
  'L-1	Eve	eve@example.net',X'0651863bf5d902262b17c4621ec34054');
  INSERT INTO decision VALUES(2,1,5,2,4,NULL,X'17b788a70eeccbdc2fcb2d2d3db216c0',NULL,NULL,NULL);
  CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL,
    path_hash INTEGER NOT NULL,
    owner INTEGER REFERENCES word(id),
    run INTEGER NOT NULL REFERENCES run(id),
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    items INTEGER NOT NULL,
    fingerprint BLOB,
    marks BLOB,
    digest BLOB,
    note BLOB
  );
  INSERT INTO source VALUES(1,X'73616d2f612e6d626f78',-4269720646262141147,1,1,1,2,300,4,5,290,3,\
  X'06',X'0708',X'09',X'0a');
  CREATE TABLE counterpart (
    address INTEGER NOT NULL,
    source INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (address, source, offset)
  ) WITHOUT ROWID;
  INSERT INTO counterpart VALUES(-179987759808138265,1,100,50,1);
  CREATE TABLE lead (
    address TEXT PRIMARY KEY,
    key BLOB NOT NULL,
    name TEXT,
    owner INTEGER REFERENCES word(id),
    first_seen INTEGER,
    first_message TEXT,
    run INTEGER NOT NULL REFERENCES run(id)
  ) WITHOUT ROWID;
  INSERT INTO lead VALUES('eve@example.net',X'e3456bc1f4d270f4a97933758645fdc2','Eve',1,\
  1780000000,'m1@example.net',1);
  CREATE TABLE event (
    uid BLOB NOT NULL,
    owner INTEGER NOT NULL REFERENCES word(id),
    recurrence BLOB NOT NULL,
    record BLOB,
    source INTEGER,
    state INTEGER NOT NULL,
    sequence INTEGER,
    modified INTEGER,
    starts INTEGER,
    ends INTEGER,
    run INTEGER NOT NULL REFERENCES run(id),
    PRIMARY KEY (uid, owner, recurrence)
  ) WITHOUT ROWID;
  INSERT INTO event VALUES(X'17b788a70eeccbdc2fcb2d2d3db216c0',2,\
  X'3230323630313031543130303030305a',X'0ebb429fa86d481c2630fac53db1c91c',1,1,2,1770000000,\
  1771000000,1771003600,1);
  CREATE TABLE frozen (
    uid BLOB NOT NULL,
    owner INTEGER NOT NULL REFERENCES word(id),
    run INTEGER NOT NULL REFERENCES run(id),
    PRIMARY KEY (uid, owner)
  ) WITHOUT ROWID;
  INSERT INTO frozen VALUES(X'715dc8493c36579a5b116995100f635e',2,1);
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item BLOB NOT NULL UNIQUE,
    path BLOB NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    number INTEGER NOT NULL,
    owner INTEGER REFERENCES word(id),
    error TEXT NOT NULL,
    program TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES run(id),
    last_run INTEGER NOT NULL REFERENCES run(id),
    attempts INTEGER NOT NULL,
    resolved INTEGER REFERENCES run(id)
  );
  INSERT INTO quarantine VALUES(1,X'2f05d4b689d270cafb02285f35f44866',X'73616d2f612e6d626f78',\
  150,20,2,1,'nested too deep','0.1',1,1,1,NULL);
  CREATE TABLE user (
    id TEXT PRIMARY KEY,
    state INTEGER NOT NULL,
    since INTEGER NOT NULL,
    connected INTEGER,
    provider TEXT,
    last_event INTEGER,
    last_run INTEGER
  ) WITHOUT ROWID;
  INSERT INTO user VALUES('ann',0,1790000000,NULL,NULL,1770000000,1);
  INSERT INTO user VALUES('sam',1,1790086500,NULL,'gmail',NULL,NULL);
  DELETE FROM sqlite_sequence;
  INSERT INTO sqlite_sequence VALUES('run',2);
  INSERT INTO sqlite_sequence VALUES('quarantine',1);
  CREATE INDEX source_path ON source (path_hash);
  COMMIT;
  """
