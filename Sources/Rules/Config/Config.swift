public import JSONText

/// A configuration: every setting, with the profile's defaults filled in.
/// A plain value; reading it is ``ConfigFile``.
public struct Config: Sendable {
  /// The version of the configuration's form; 1.
  public var version = 1
  /// Whose defaults hold.
  public internal(set) var profile = Profile.generic
  /// The organisation.
  public var organization = Organization()
  /// The CRM's users.
  public var users = Users()
  /// The CRM's leads.
  public var leads = Leads()
  /// The CRM's tasks.
  public var tasks = Tasks()
  /// The exports to read.
  public var sources: [Source] = []
  /// Who may do what.
  public var access = Access()
  /// The rules for mail.
  public var email = Email()
  /// The rules for calendars.
  public var calendar = Calendar()
  /// What is written.
  public var output = Output()

  /// The generic defaults.
  public init() {}

  /// The organisation.
  public struct Organization: Sendable {
    /// Own domains; `*.example.com` = any subdomain.
    public var domains: [String] = []
    /// IANA name of the zone that days and times without a zone are in.
    public var timeZone = "UTC"
    /// Where the data is hosted, for the record (ES-5.1-retention).
    public var region: String?
    /// Days after import that bodies and attachments are kept; nil for ever.
    public var retentionDays: Int?
  }

  /// Where a list comes from: files, records in the configuration itself, or both.
  public struct ListSource: Sendable {
    /// Paths and patterns, relative to the configuration.
    public var files: [String] = []
    /// Records written into the configuration.
    public var records: [JSONValue] = []
    /// True when neither is given.
    public var isEmpty: Bool { files.isEmpty && records.isEmpty }
  }

  /// `users`
  public struct Users: ConfigListSection {
    /// Where they come from.
    public internal(set) var source = ListSource()
    static var record: (any ConfigSection)? { UserSection(calendar: Calendar()) }
  }

  /// `leads`
  public struct Leads: ConfigListSection {
    /// Where they come from.
    public internal(set) var source = ListSource()
    /// The column of the lead's id; nil looks for `id`, `ProspectID`, `LeadId`, `ContactId`.
    public var id: String?
    /// The columns with addresses, asked in this order; empty looks for `email`, `EmailAddress`.
    public var searchBy: [String] = []
    /// What several leads with one address mean.
    public var onMultiple = OnMultiple.all
    /// Further columns.
    public var columns = LeadColumns()
    static var record: (any ConfigSection)? { nil }
  }

  /// `leads.columns`
  public struct LeadColumns: Sendable {
    /// The lead's name; nil looks for `name`, `FullName`.
    public var name: String?
    /// Its owner; nil looks for `owner`, `OwnerId`.
    public var owner: String?
    /// Its company; nil looks for `company`.
    public var company: String?
    /// Its telephone number; nil looks for `phone`.
    public var phone: String?
  }

  /// `tasks`
  public struct Tasks: ConfigListSection {
    /// Where they come from.
    public internal(set) var source = ListSource()
    /// The CRM's task types.
    public var types: [TaskType] = []
    /// The names of the columns.
    public var columns = TaskColumns()
    static var record: (any ConfigSection)? { nil }
  }

  /// One of the CRM's task types.
  public struct TaskType: Sendable {
    /// Its name.
    public var name = ""
    /// Its category.
    public var category = TaskCategory.appointment
  }

  /// `sources[]`
  public struct Source: Sendable {
    /// Path or pattern, relative to the configuration.
    public var path = ""
    /// The id of the user whose mail or calendar it is; nil is guessed.
    public var owner: String?
    /// `auto`, `inbox`, `sent` or a folder's name.
    public var folder = "auto"
    /// As `email.sentAs`, for this source; nil when not said.
    public var sentAs: SentAs?
    /// For calendars; nil when not said.
    public var calendar: CalendarRole?
  }

  /// `output`
  public struct Output: Sendable {
    /// Where runs are published, relative to the configuration.
    public var directory = "out"
    /// The forms of record files.
    public var formats: [Format] = [.jsonl, .csv]
    /// The CRMs for which import files are written, `crm/<target>/`.
    public var targets: [String] = []
    /// Guards text cells of CSV against being read as formulas.
    public var csvFormulaGuard = true
    /// How much of people's data is written.
    public var privacy = Privacy.full
  }
}

extension Config: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    var version: Int? = self.version
    v.whole("version", &version, 1...1, "Version of this form; 1.")
    self.version = version ?? 1
    v.choice("profile", &profile, "Whose defaults hold for what is not said here.")
    v.section("organization", &organization, "Your organisation.")
    v.list("users", &users, "The CRM's users: a path, an array or an object with files.")
    v.list("leads", &leads, "The CRM's leads: a path, an array or an object with files.")
    v.list("tasks", &tasks, "The CRM's tasks: a path, an array or an object with files.")
    v.sections("sources", &sources, fresh: Source(), "The exports to read.")
    v.section("access", &access, "Who may do what; an absent part is as the profile says.")
    v.section("email", &email, "The rules for mail.")
    v.section("calendar", &calendar, "The rules for calendars.")
    v.section("output", &output, "What is written.")
  }
}

extension Config.Organization: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("domains", &domains, .domain, "Own domains, exact; *.example.com is any subdomain.")
    v.text("timeZone", &timeZone, .timeZone, "IANA name of the organisation's time zone.")
    v.text("region", &region, .plain, "Where the data is hosted, for the record.")
    v.whole(
      "retentionDays", &retentionDays, 1...36_500,
      "Days after import that bodies and attachments are kept; null for ever.")
  }
}

extension Config.Users {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("files", &source.files, .path, "Paths or patterns of CSV and JSON files.")
  }
}

extension Config.Leads {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("files", &source.files, .path, "Paths or patterns of CSV and JSON files.")
    v.text("id", &id, .plain, "The column of the lead's id; null looks for the usual names.")
    v.texts("searchBy", &searchBy, .plain, "Columns with addresses; the first that hits wins.")
    v.choice("onMultiple", &onMultiple, "What several leads with one address mean.")
    v.section("columns", &columns, "The names of further columns.")
  }
}

extension Config.LeadColumns: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("name", &name, .plain, "Column of the name.")
    v.text("owner", &owner, .plain, "Column of the owner.")
    v.text("company", &company, .plain, "Column of the company.")
    v.text("phone", &phone, .plain, "Column of the telephone number.")
  }
}

extension Config.Tasks {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("files", &source.files, .path, "Paths or patterns of CSV and JSON files.")
    v.sections("types", &types, fresh: Config.TaskType(), "The CRM's task types.")
    v.section("columns", &columns, "The names of the columns.")
  }
}

extension Config.TaskType: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("name", &name, .plain, "The type's name.")
    v.choice("category", &category, "Only appointments are synced.")
  }
}

extension Config.Source: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("path", &path, .path, "Path or pattern of mbox, EML, Maildir or calendar.")
    v.text("owner", &owner, .plain, "Id of the user whose it is; null is guessed.")
    v.text("folder", &folder, .plain, "auto, inbox, sent or a folder's name.")
    v.choice("sentAs", &sentAs, "As email.sentAs, for this source.")
    v.choice("calendar", &calendar, "Which calendar of its owner it is.")
  }
}

extension Config.Output: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("directory", &directory, .path, "Where runs are published.")
    v.choices("formats", &formats, of: Config.Format.allCases, minimum: 1, "Forms of the files.")
    v.texts("targets", &targets, .plain, "CRMs for which crm/<target>/ is written.")
    v.flag("csvFormulaGuard", &csvFormulaGuard, "Guards CSV cells against formulas.")
    v.choice("privacy", &privacy, "How much of people's data is written.")
  }
}
