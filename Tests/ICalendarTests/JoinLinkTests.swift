import Bytes
import ICalendar
import Testing

@Suite struct JoinLinks {
  private func link(_ lines: String...) -> String {
    let text = "BEGIN:VEVENT\n" + lines.map { $0 + "\n" }.joined() + "END:VEVENT\n"
    return text.withByteView { v in
      let reader = ICalendarReader(v)
      _ = reader.next()
      let finder = JoinLinkFinder()
      return finder.find(in: reader.component)
        ? finder.provider.string + " " + finder.url.string : "none"
    }
  }
  private func provider(_ text: String) -> String {
    text.withByteView { v in
      let finder = JoinLinkFinder()
      return finder.find(inText: v) ? finder.provider.string : "none"
    }
  }

  @Test(arguments: [
    ("https://meet.google.com/abc-defg-hij", "Google Meet"),
    ("https://meet.google.com/lookup/abc", "Google Meet"),
    ("https://meet.google.com/landing", "none"), ("https://meet.google.com/", "none"),
    ("https://teams.microsoft.com/l/meetup-join/19%3ameeting/0?context=%7b%7d", "Microsoft Teams"),
    ("https://teams.microsoft.com/meet/2345?p=x", "Microsoft Teams"),
    ("https://teams.live.com/meet/9345", "Microsoft Teams"),
    ("https://gov.teams.microsoft.us/l/meetup-join/19", "Microsoft Teams"),
    ("https://teams.microsoft.com/downloads", "none"), ("https://aka.ms/JoinTeamsMeeting", "none"),
    ("https://zoom.us/j/123456", "Zoom"), ("https://acme.zoom.us/my/jo", "Zoom"),
    ("https://us02web.zoom.us/w/89?tk=a", "Zoom"),
    ("https://us02web.zoom.us/webinar/register/W", "Zoom"),
    ("https://x.zoomgov.com/j/1", "Zoom"), ("https://zoom.com/j/1", "Zoom"),
    ("HTTPS://ZOOM.US/J/1", "Zoom"),
    ("https://zoom.us:443/j/1", "Zoom"), ("https://zoom.us./j/1", "Zoom"),
    ("https://zoom.us/download", "none"), ("https://zoom.us/j/", "none"),
    ("https://zoom.us", "none"),
    ("https://evil-zoom.us.example.com/j/1", "none"), ("https://evilzoom.us/j/1", "none"),
    ("https://zoom.us@evil.example/j/1", "none"), ("https://zoom.us\\@evil.example/j/1", "none"),
    ("https://zoom.us.evil.example/j/1", "none"), ("https://evil.example/zoom.us/j/1", "none"),
    ("xhttps://zoom.us/j/1", "none"), ("ftp://zoom.us/j/1", "none"),
    ("https://acme.webex.com/meet/jo", "Webex"),
    ("https://acme.webex.com/acme/j.php?MTID=m1", "Webex"),
    ("https://acme.webex.com/join/jo", "Webex"), ("https://help.webex.com/en-us/", "none"),
    ("https://global.gotomeeting.com/join/123", "GoTo"), ("https://meet.goto.com/123", "GoTo"),
    ("https://whereby.com/acme-room", "Whereby"), ("https://whereby.com/information/tos", "none"),
    ("https://whereby.com/pricing", "none"), ("https://acme.whereby.com/room?x=1", "Whereby"),
    ("https://meet.jit.si/Room", "Jitsi"), ("https://bluejeans.com/7999979999", "BlueJeans"),
    ("https://bluejeans.com/features", "none"), ("https://chime.aws/1234", "Chime"),
    ("https://join.skype.com/abc", "Skype"),
    ("https://meet.lync.com/acme/jo/XYZ", "Skype for Business"),
    ("https://v.ringcentral.com/join/1", "RingCentral"), ("https://meet.around.co/r/x", "Around"),
  ])
  func hostsAreComparedWhole(_ url: String, _ expected: String) {
    #expect(provider("Join: " + url) == expected)
    #expect(provider("<" + url + ">") == expected)
  }

  @Test func theEndOfASentenceIsNoPartOfTheLink() {
    #expect(link("LOCATION:(https://zoom.us/j/1)") == "Zoom https://zoom.us/j/1")
    #expect(link("LOCATION:See https://zoom.us/j/1.") == "Zoom https://zoom.us/j/1")
    #expect(
      link("LOCATION:<https://zoom.us/j/1?pwd=a.b>\\, room") == "Zoom https://zoom.us/j/1?pwd=a.b")
    #expect(link("LOCATION:»https://zoom.us/j/1…« x") == "Zoom https://zoom.us/j/1")
    #expect(link("LOCATION:https://zoom.us/j/1(x)") == "Zoom https://zoom.us/j/1(x)")
    #expect(link("DESCRIPTION:a\\nhttps://zoom.us/j/1\\nb") == "Zoom https://zoom.us/j/1")
    #expect(
      link("DESCRIPTION:<a href=\"https://zoom.us/j/1?a=b&amp;c=d\">x</a>")
        == "Zoom https://zoom.us/j/1?a=b&c=d")
  }

  @Test func wrappedLinksAreUnwrapped() {
    let safe =
      "https://emea01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F19%253ax%2F0&data=05%7C01"
    #expect(
      link("DESCRIPTION:\(safe)")
        == "Microsoft Teams https://teams.microsoft.com/l/meetup-join/19%3ax/0")
    let twice =
      "https://x.safelinks.protection.outlook.com/?data=1&amp;url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fzoom.us%252Fj%252F1"
    #expect(link("DESCRIPTION:\(twice)") == "Zoom https://zoom.us/j/1")
    #expect(provider("https://urldefense.com/v3/__https://zoom.us/j/1__;!!abc$") == "Zoom")
    #expect(
      provider("https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fj%2F1")
        == "none")
    #expect(
      provider(
        "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fzoom.us%2Fj%2F1")
        == "none")
  }

  @Test func propertiesAreAskedInOrder() {
    let text = "DESCRIPTION:https://zoom.us/j/1"
    #expect(link(text, "LOCATION:https://meet.jit.si/x") == "Jitsi https://meet.jit.si/x")
    #expect(
      link(text, "URL:https://chime.aws/1", "LOCATION:https://meet.jit.si/x")
        == "Chime https://chime.aws/1")
    #expect(
      link(text, "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1")
        == "Microsoft Teams https://teams.microsoft.com/l/meetup-join/1")
    #expect(
      link(text, "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij")
        == "Google Meet https://meet.google.com/abc-defg-hij")
    #expect(
      link(
        text, "CONFERENCE;FEATURE=PHONE:tel:+1",
        "CONFERENCE;FEATURE=CHAT:https://chat.example.com/x",
        "CONFERENCE;FEATURE=\"AUDIO,VIDEO\":https://video.example.com/1")
        == " https://video.example.com/1")
    #expect(link(text, "CONFERENCE;FEATURE=PHONE:tel:+1") == "Zoom https://zoom.us/j/1")
    #expect(link("URL:https://acme.example/events/1", text) == "Zoom https://zoom.us/j/1")
    #expect(
      link("X-ALT-DESC;FMTTYPE=text/html:<a href=\"https://zoom.us/j/1\">x</a>")
        == "Zoom https://zoom.us/j/1")
    #expect(
      link("X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:a@x\\;gruu\\;opaque=app:conf") == "none")
    #expect(link("SUMMARY:https://zoom.us/j/1") == "none")
    #expect(link("URL:javascript:alert(1)//zoom.us") == "none")
  }

  @Test func alarmsDoNotCount() {
    #expect(
      link("BEGIN:VALARM", "DESCRIPTION:https://zoom.us/j/1", "END:VALARM", "LOCATION:x") == "none")
  }

  @Test func longTextsAreSearchedInLinearTime() {
    let flood = String(
      repeating: "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa", count: 10_000)
    #expect(provider(flood) == "none")
    #expect(provider(String(repeating: "://", count: 100_000)) == "none")
    #expect(provider(String(repeating: "https://", count: 100_000)) == "none")
  }
}
