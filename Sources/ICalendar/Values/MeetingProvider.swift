import Bytes

/// The services whose links lead into an online meeting, and how their links look.
///
/// A host is compared whole: `*.zoom.us` is any subdomain and not `zoom.us` itself, and
/// `evil-zoom.us.example.com` is neither. The path decides between a meeting and everything else
/// the service publishes (downloads, help, sign-up).
enum MeetingProviders {
  /// One line: `name|host|path`. In the path, after the `/`: `*` at the end is anything more, `#`
  /// one or more digits, `@` a piece without `/` that is not one of the site's own words, `+` one
  /// or more characters. Case does not matter.
  private static let blob: StaticString = """
    Google Meet|meet.google.com|/@@@-@@@@-@@@*
    Google Meet|meet.google.com|/lookup/+
    Google Meet|meet.google.com|/_meet/+
    Google Hangouts|hangouts.google.com|/hangouts/+
    Google Hangouts|hangouts.google.com|/call/+
    Google Hangouts|plus.google.com|/hangouts/+
    Google Meet|g.co|/meet/+
    Microsoft Teams|teams.microsoft.com|/l/meetup-join/+
    Microsoft Teams|teams.microsoft.com|/meet/+
    Microsoft Teams|teams.microsoft.com|/_#/l/meetup-join/+
    Microsoft Teams|teams.microsoft.com|/_#/meet/+
    Microsoft Teams|teams.microsoft.com|/v2/?meetingjoin=+
    Microsoft Teams|teams.microsoft.com|/dl/launcher/+
    Microsoft Teams|teams.cloud.microsoft|/l/meetup-join/+
    Microsoft Teams|teams.cloud.microsoft|/meet/+
    Microsoft Teams|*.teams.microsoft.us|/l/meetup-join/+
    Microsoft Teams|*.teams.microsoft.us|/meet/+
    Microsoft Teams|teams.microsoft.us|/l/meetup-join/+
    Microsoft Teams|teams.microsoft.us|/meet/+
    Microsoft Teams|teams.live.com|/meet/+
    Microsoft Teams|teams.live.com|/l/invite/+
    Skype for Business|meet.lync.com|/+
    Skype for Business|*.online.lync.com|/meet/+
    Skype|join.skype.com|/+
    Zoom|zoom.us|/j/+
    Zoom|zoom.us|/my/+
    Zoom|zoom.us|/w/+
    Zoom|zoom.us|/wc/+
    Zoom|zoom.us|/s/+
    Zoom|zoom.us|/webinar/+
    Zoom|*.zoom.us|/j/+
    Zoom|*.zoom.us|/my/+
    Zoom|*.zoom.us|/w/+
    Zoom|*.zoom.us|/wc/+
    Zoom|*.zoom.us|/s/+
    Zoom|*.zoom.us|/webinar/+
    Zoom|*.zoom.us|/ej/+
    Zoom|zoom.com|/j/+
    Zoom|zoom.com|/my/+
    Zoom|zoom.com|/w/+
    Zoom|zoom.com|/webinar/+
    Zoom|*.zoom.com|/j/+
    Zoom|*.zoom.com|/my/+
    Zoom|*.zoom.com|/w/+
    Zoom|*.zoom.com|/webinar/+
    Zoom|*.zoom.com.cn|/j/+
    Zoom|zoomgov.com|/j/+
    Zoom|zoomgov.com|/my/+
    Zoom|zoomgov.com|/w/+
    Zoom|zoomgov.com|/webinar/+
    Zoom|*.zoomgov.com|/j/+
    Zoom|*.zoomgov.com|/my/+
    Zoom|*.zoomgov.com|/w/+
    Zoom|*.zoomgov.com|/webinar/+
    Webex|*.webex.com|/meet/+
    Webex|*.webex.com|/join/+
    Webex|*.webex.com|/m/+
    Webex|*.webex.com|/j.php?MTID=+
    Webex|*.webex.com|/@/j.php?MTID=+
    Webex|*.webex.com|/@/k2/j.php?MTID=+
    Webex|*.webex.com|/wbxmjs/joinservice/+
    Webex|*.webex.com|/@/e.php?MTID=+
    Webex|*.webex.com|/webappng/sites/@/meeting/+
    GoTo|*.gotomeeting.com|/join/+
    GoTo|gotomeeting.com|/join/+
    GoTo|gotomeet.me|/+
    GoTo|www.gotomeet.me|/+
    GoTo|meet.goto.com|/+
    GoTo|app.goto.com|/meeting/+
    GoTo|*.gotowebinar.com|/join/+
    GoTo|*.joinwebinar.com|/+
    Whereby|whereby.com|/@
    Whereby|*.whereby.com|/@
    Whereby|appear.in|/@
    Jitsi|meet.jit.si|/+
    8x8|8x8.vc|/+
    BlueJeans|bluejeans.com|/#*
    BlueJeans|*.bluejeans.com|/#*
    BlueJeans|primetime.bluejeans.com|/a2m/+
    Chime|chime.aws|/#*
    Chime|*.chime.aws|/#*
    Chime|app.chime.aws|/meetings/+
    RingCentral|meetings.ringcentral.com|/j/+
    RingCentral|v.ringcentral.com|/join/+
    RingCentral|video.ringcentral.com|/join/+
    RingCentral|webinar.ringcentral.com|/j/+
    Around|around.co|/r/+
    Around|www.around.co|/r/+
    Around|meet.around.co|/+
    Zoho Meeting|meeting.zoho.com|/+
    Zoho Meeting|meeting.zoho.eu|/+
    Zoho Meeting|join.zoho.com|/+
    FaceTime|facetime.apple.com|/join*
    Dialpad|meetings.dialpad.com|/+
    UberConference|www.uberconference.com|/+
    UberConference|uberconference.com|/+
    Lifesize|call.lifesizecloud.com|/+
    StarLeaf|meet.starleaf.com|/+
    Pexip|*.pexip.me|/meet/+
    Adobe Connect|*.adobeconnect.com|/+
    ClickMeeting|*.clickmeeting.com|/+
    FreeConferenceCall|join.freeconferencecall.com|/+
    Join.me|join.me|/+
    Livestorm|app.livestorm.co|/+
    Demio|event.demio.com|/+
    StreamYard|streamyard.com|/@
    Riverside|riverside.fm|/studio/+
    Gather|app.gather.town|/app/+
    Kumospace|www.kumospace.com|/@
    Daily|*.daily.co|/@
    Cal Video|app.cal.com|/video/+
    Doxy.me|doxy.me|/@
    Doxy.me|*.doxy.me|/@
    Slack|app.slack.com|/huddle/+
    Discord|discord.gg|/+
    Discord|discord.com|/channels/+
    Tuple|tuple.app|/c/+
    Demodesk|demodesk.com|/meet/+
    Butter|app.butter.us|/+
    Vonage|meetings.vonage.com|/+
    Blackboard|*.bbcollab.com|/+
    TeamViewer|go.teamviewer.com|/+
    Lark|*.larksuite.com|/j/+
    Feishu|vc.feishu.cn|/j/+
    Tencent Meeting|meeting.tencent.com|/+
    VooV|voovmeeting.com|/dm/+
    Yandex Telemost|telemost.yandex.ru|/j/+
    Airmeet|www.airmeet.com|/e/+
    Luma|lu.ma|/join/+

    """

  private struct Rule: Sendable {
    var name: ByteRange
    var host: ByteRange
    var path: ByteRange
    var anySubdomain: Bool
  }

  private static let rules: [Rule] = {
    var rules: [Rule] = []
    let text = ByteView(blob)
    var start = 0
    while let end = text.firstIndex(of: 10, from: start) {
      if let a = text.firstIndex(of: 124, from: start, to: end),
        let b = text.firstIndex(of: 124, from: a + 1, to: end)
      {
        let any = text[a + 1] == 42
        let host = any ? a + 2 : a + 1
        rules.append(
          Rule(
            name: ByteRange(start: start, count: a - start),
            host: ByteRange(start: host, count: b - host),
            path: ByteRange(start: b + 1, count: end - b - 1), anySubdomain: any))
      }
      start = end + 1
    }
    return rules
  }()

  // First pieces of paths that are pages of the sites themselves.
  private static let reserved: [StaticString] = [
    "about", "blog", "contact", "download", "downloads", "features", "help", "information", "jobs",
    "legal", "login", "pricing", "privacy", "product", "security", "signin", "signup", "sign-in",
    "sign-up", "sign_in", "solutions", "support", "terms", "user", "business", "org",
  ]

  /// The name of the service that a host and what follows it belong to; empty when there is none.
  /// Valid for ever.
  static func name(host: ByteView, path: ByteView) -> ByteView {
    let text = ByteView(blob)
    for rule in rules {
      let known = text[rule.host]
      if rule.anySubdomain {
        // The dot is part of what is compared.
        guard host.count > known.count,
          host.from(host.count - known.count).equalsIgnoringCase(known)
        else { continue }
      } else {
        guard host.equalsIgnoringCase(known) else { continue }
      }
      if matches(path, text[rule.path]) { return text[rule.name] }
    }
    return .empty
  }

  private static func matches(_ path: ByteView, _ pattern: ByteView) -> Bool {
    var i = 0
    var p = 0
    while p < pattern.count {
      switch pattern[p] {
      case 42: return true
      case 43: return i < path.count
      case 35 where pattern[p - 1] == 47:
        guard ASCII.isDigit(path[i]) else { return false }
        while ASCII.isDigit(path[i]) { i += 1 }
      case 64 where pattern[p + 1] == 64 || pattern[p - 1] == 64:
        // Letters of a meeting's code, one by one.
        guard ASCII.isLetter(path[i]) else { return false }
        i += 1
      case 64:
        var e = i
        while e < path.count, path[e] != 47, path[e] != 63, path[e] != 35 { e += 1 }
        let piece = path.slice(i, e)
        guard !piece.isEmpty, !reserved.contains(where: { piece.equalsIgnoringCase($0) }) else {
          return false
        }
        i = e
        // A lone piece ends the path; a query may follow.
        if p + 1 == pattern.count, path[i] == 47, i + 1 < path.count { return false }
      default:
        guard ASCII.lower(path[i]) == ASCII.lower(pattern[p]) else { return false }
        i += 1
      }
      p += 1
    }
    return true
  }
}
