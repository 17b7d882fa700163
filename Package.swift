// swift-tools-version: 6.2
import PackageDescription

// The dependency direction is one way: Bytes <- Text, Markup, CivilTime <- Mail <- Mailboxes;
// CivilTime <- Recurrence <- TimeZones; Text, Markup, JSONText <- ICalendar; both <- Events;
// Text <- JSONText, CSVText <- Rules, Records; Ledger (SQLite) stands alone;
// everything <- Import <- Workbench <- winnow. Mail and Events know no CRM word.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A release build is as fast as it can be, and runs without Swift, where our own scripts ask for it
// (Tests/Tools/swift-path): SwiftPM refuses its flags in a package that somebody else depends on.
let isPlain =
  Context.environment["WINNOW_STANDALONE"] == nil
  || Context.environment["WINNOW_SHARED_SWIFT"] != nil || Context.environment["WINNOW_FUZZ"] != nil

let inRelease = BuildSettingCondition.when(platforms: [.linux], configuration: .release)

// Functions are inlined across files and modules when the command is linked: 8 % fewer instructions
// a mail. SwiftPM has no per-target option for emitting bitcode, so we use a frontend flag, and
// only with the compiler version that it was tested with.
#if compiler(>=6.3) && compiler(<6.4)
  let hasLinkTime = !isPlain
#else
  let hasLinkTime = false
#endif
let bitcode = ["-Xfrontend", "-lto=llvm-full", "-Xfrontend", "-emit-bc"]
let linkTime = strict + (hasLinkTime ? [.unsafeFlags(bitcode, inRelease)] : [])
// Every expression that leaves memory safety says `unsafe`: for modules that hardly need to.
let guarded = linkTime + [.strictMemorySafety()]
let linkTimeC: [CSetting] = hasLinkTime ? [.unsafeFlags(["-flto"], inRelease)] : []
let linkTimeLinker: [LinkerSetting] =
  hasLinkTime ? [.unsafeFlags(["-use-ld=lld"], inRelease)] : []

// `@exclusivity(unchecked)` holds inside its own module only: read from here, the hot classes of
// Mail and Rules would be checked at every access, 6 % of all instructions. Debug builds, and so
// all tests, still check these accesses; inside its own module such a property is never checked.
// Import is in no library product, so nobody else meets the flag.
let hotLoop =
  linkTime + [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
  ]

// The command holds the Swift libraries in itself: it runs where no Swift is installed, and a small
// import takes 14 instead of 22 ms, most of which went into loading Foundation, which comes with
// GRDB. The linker is named because the archives need one another in any order.
let standalone: [LinkerSetting] =
  isPlain
  ? []
  : [
    .unsafeFlags(
      [
        "-static-stdlib", "-use-ld=lld", "-l_FoundationICU", "-lCoreFoundation",
        "-l_FoundationCShims", "-l_FoundationCollections",
      ], inRelease)
  ]

let package = Package(
  name: "winnow",
  products: [
    // Complete in themselves: a program imports the module of the product's name and nothing else.
    .library(name: "WinnowMail", targets: ["WinnowMail"]),
    .library(name: "WinnowCalendar", targets: ["WinnowCalendar"]),
    .library(name: "WinnowTimeZones", targets: ["WinnowTimeZones"]),
    // What the command itself is built of: nothing is copied, and views hold as long as they say.
    .library(name: "Mail", targets: ["Mail", "Mailboxes", "CivilTime"]),
    .library(name: "ICalendar", targets: ["ICalendar", "Events", "CivilTime", "TimeZones"]),
    .library(name: "Rules", targets: ["Rules"]),
    .library(name: "TimeZones", targets: ["CivilTime", "Recurrence", "TimeZones"]),
    .executable(name: "winnow", targets: ["winnow"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPlatform", cSettings: linkTimeC),
    .target(name: "CTextTables"),
    .target(name: "CManual"),
    .target(
      name: "Bytes", dependencies: ["CPlatform", "CLibCrypto"], swiftSettings: linkTime,
      linkerSettings: linkTimeLinker),
    .target(name: "Text", dependencies: ["Bytes", "CTextTables"], swiftSettings: linkTime),
    .target(
      name: "Markup", dependencies: ["Bytes", "CPlatform", "Text"], swiftSettings: linkTime),
    .target(name: "CivilTime", dependencies: ["Bytes"], swiftSettings: guarded),
    .target(name: "Recurrence", dependencies: ["Bytes", "CivilTime"], swiftSettings: guarded),
    .target(
      name: "TimeZones", dependencies: ["Bytes", "CivilTime", "CPlatform", "Recurrence"],
      swiftSettings: linkTime),
    .target(
      name: "Mail", dependencies: ["Bytes", "CivilTime", "CLibCrypto", "Text", "Markup"],
      swiftSettings: linkTime),
    .target(
      name: "Mailboxes", dependencies: ["Bytes", "Text", "Mail", "CZlib", "CPlatform"],
      swiftSettings: linkTime),
    .target(
      name: "JSONText", dependencies: ["Bytes", "CPlatform", "Text"], swiftSettings: guarded),
    .target(
      name: "CSVText", dependencies: ["Bytes", "CPlatform", "Text"], swiftSettings: linkTime),
    .target(
      name: "ICalendar", dependencies: ["Bytes", "Text", "Markup", "JSONText", "CLibXML2"],
      swiftSettings: linkTime),
    .target(
      name: "Events",
      dependencies: [
        "Bytes", "Text", "Markup", "CivilTime", "Recurrence", "TimeZones", "ICalendar",
      ],
      swiftSettings: linkTime),
    .target(
      name: "WinnowMail", dependencies: ["Bytes", "CivilTime", "Mail", "Mailboxes"],
      swiftSettings: linkTime),
    .target(
      name: "WinnowCalendar",
      dependencies: ["Bytes", "CivilTime", "Events", "ICalendar", "TimeZones"],
      swiftSettings: linkTime),
    .target(
      name: "WinnowTimeZones", dependencies: ["CivilTime", "TimeZones"], swiftSettings: linkTime),
    .target(
      name: "Rules", dependencies: ["Bytes", "Text", "JSONText", "CSVText"], swiftSettings: linkTime
    ),
    .target(
      name: "Ledger",
      dependencies: ["Bytes", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .target(
      name: "Records",
      dependencies: [
        "Bytes", "CivilTime", "CPlatform", "CSVText", "JSONText", "Mailboxes", "Text",
      ],
      swiftSettings: linkTime),
    .target(
      name: "Import",
      dependencies: [
        "Bytes", "CivilTime", "Text", "Markup", "Mail", "Mailboxes", "JSONText", "CSVText", "Rules",
        "Records", "CPlatform", "Recurrence", "TimeZones", "ICalendar", "Events",
        "Ledger",
      ],
      swiftSettings: hotLoop),
    .target(
      name: "Workbench",
      dependencies: [
        "Bytes", "CivilTime", "Text", "Mail", "Mailboxes", "JSONText", "Rules", "Records",
        "CPlatform", "Recurrence",
        "TimeZones", "ICalendar", "Events", "Ledger", "Import", "CSVText", "CManual",
      ],
      swiftSettings: linkTime),
    .executableTarget(
      name: "winnow",
      dependencies: [
        "Import", "Workbench", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict,
      linkerSettings: standalone),
    .executableTarget(
      name: "winnow-microbench",
      dependencies: ["Bytes", "Text", "Markup", "Mail", "Mailboxes", "JSONText"],
      path: "Tests/Benchmarks/Micro", swiftSettings: strict),
    .executableTarget(
      name: "winnow-icsbench", dependencies: ["Bytes", "Events", "ICalendar", "TimeZones"],
      path: "Tests/Benchmarks/Calendar", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Bytes"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TextTests", dependencies: ["Bytes", "Text", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "MarkupTests", dependencies: ["Bytes", "CLibXML2", "Markup", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CivilTimeTests", dependencies: ["Bytes", "CivilTime"], swiftSettings: strict),
    .testTarget(
      name: "RecurrenceTests",
      dependencies: ["Bytes", "CivilTime", "JSONText", "Recurrence", "TestSupport"],
      exclude: ["README.md"],
      swiftSettings: strict),
    .testTarget(
      name: "TimeZonesTests",
      dependencies: [
        "Bytes", "CivilTime", "JSONText", "Recurrence", "TestSupport", "TimeZones",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MailTests", dependencies: ["Bytes", "CivilTime", "Mail", "TestSupport", "Text"],
      swiftSettings: strict),
    .testTarget(
      name: "MailboxesTests",
      dependencies: ["Bytes", "CPlatform", "CZlib", "Mail", "Mailboxes", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "JSONTextTests", dependencies: ["Bytes", "JSONText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CSVTextTests", dependencies: ["Bytes", "CSVText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ICalendarTests", dependencies: ["Bytes", "ICalendar", "JSONText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EventsTests",
      dependencies: [
        "Bytes", "CivilTime", "Events", "ICalendar", "JSONText", "TestSupport", "TimeZones",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "CivilTime", "TestSupport", "WinnowCalendar", "WinnowMail", "WinnowTimeZones",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "RulesTests",
      dependencies: [
        "Bytes", "CivilTime", "CSVText", "JSONText", "Rules", "TestSupport", "TimeZones",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RecordsTests",
      dependencies: ["Bytes", "CivilTime", "JSONText", "Records", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ImportTests",
      dependencies: [
        "Bytes", "ICalendar", "Import", "JSONText", "Ledger", "Records", "Rules", "TestSupport",
        "Workbench", "winnow",
      ],
      swiftSettings: strict),
  ]
)

// All tests are linked into one program: where one module's are wanted the others are left out
// (Tests/quick).
if let module = Context.environment["WINNOW_TESTS"] {
  package.targets.removeAll { $0.type == .test && $0.name != module + "Tests" }
}

// Only where it is asked for: Tests/Fuzz/run.
if Context.environment["WINNOW_FUZZ"] != nil {
  package.products.append(.executable(name: "winnow-fuzz", targets: ["winnow-fuzz"]))
  package.targets.append(
    .executableTarget(
      name: "winnow-fuzz",
      dependencies: ["Bytes", "JSONText", "Mail", "Mailboxes", "Markup", "Rules"],
      path: "Tests/Fuzz", exclude: ["run"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
