import Bytes

// BEGIN and END: which component a line belongs to, and which components are broken.
extension ICalendarReader {
  /// Takes in a BEGIN. Long because each kind of component may begin in each of the others, and
  /// what then holds is told case by case.
  func begin(_ name: ByteView, _ target: CalendarComponent) -> CalendarItem? {
    let kind = ComponentKind(name)
    switch level {
    case .component:
      if kind.isTopLevelOnly {
        // The one before is not closed; this line is read once more when it has been told.
        fail(.missingEnd)
        return close(before: true)
      }
      if name.isEmpty {
        component.note(.lostLine, line: lineStartNumber)
      } else if stack.count &+ excess >= CalendarLimits.depth {
        excess &+= 1
        fail(.tooDeep)
      } else if fault == nil, !isOversize {
        let start = name.base - component.text.base
        let place = ByteRange(start: start, count: name.count)
        stack.append(component.openNode(kind: kind, name: place, parent: stack[stack.count &- 1]))
        if component.nodeRow.count > CalendarLimits.components { fail(.tooManyProperties) }
        checkSize()
        return nil
      } else {
        // Broken already: only the depth still matters.
        excess &+= 1
      }
      drop(component, line: false)
      checkSize()
      return nil
    case .calendar where kind != .calendar && !name.isEmpty,
      .outside
    where kind.isTopLevelOnly
      && kind != .calendar:
      component.begin(name, kind: kind)
      drop(target, line: false)
      if level == .outside, selection == .all {
        component.note(.outsideCalendar, line: lineStartNumber)
      }
      wasInCalendar = level == .calendar
      level = .component
      stack.truncate(to: 0)
      stack.append(0)
      excess = 0
      fault = nil
      componentStart = lineStart
      keep = lineStart
      componentOffset = offset(of: lineStart)
      place = CalendarPlace(
        offset: componentOffset, length: 0, line: selection == .all ? lineStartNumber : 0,
        index: kind.isCounted && selection == .all ? counted : nil,
        calendar: wasInCalendar || selection == .timeZones ? calendarCount &- 1 : -1)
      if kind.isCounted { counted &+= 1 }
      return nil
    case .calendar, .outside:
      guard kind == .calendar else {
        drop(target, line: false)
        return nil
      }
      let unclosed = level == .calendar
      let copy = owned
      copy.removeAll()
      copy.append(name)
      calendar.begin(copy.view, kind: .calendar)
      if unclosed { calendar.note(.unclosedCalendar, line: lineStartNumber) }
      level = .calendar
      calendarCount &+= 1
      checkedCalendarText = -1
      return nil
    }
  }

  func finish(_ name: ByteView, _ target: CalendarComponent) -> CalendarItem? {
    let kind = ComponentKind(name)
    guard level == .component else {
      drop(target, line: false)
      if level == .calendar {
        if kind == .calendar {
          level = .outside
        } else {
          calendar.note(.strayEnd, line: lineStartNumber)
        }
      }
      return nil
    }
    if kind == .calendar {
      fail(.missingEnd)
      return close(before: true)
    }
    if excess > 0 {
      // Below the limit names are not known; the outermost name ends all the same.
      if stack.count > 0, isOutermost(name), !component.name(ofNode: 0).isEmpty,
        ComponentKind(name).isTopLevelOnly
      {
        return close(before: false)
      }
      excess &-= 1
      drop(component, line: false)
      checkSize()
      return nil
    }
    var i = stack.count &- 1
    while i >= 0, !component.name(ofNode: Int(stack[i])).equalsIgnoringCase(name) { i &-= 1 }
    guard i >= 0 else {
      component.note(.strayEnd, line: lineStartNumber)
      drop(component, line: false)
      checkSize()
      return nil
    }
    if i < stack.count &- 1 { fail(.wrongEnd) }
    while stack.count > i {
      component.closeNode(stack[stack.count &- 1])
      stack.truncate(to: stack.count &- 1)
    }
    drop(component, line: false)
    if stack.count > 0 {
      checkSize()
      return nil
    }
    return close(before: false)
  }

  func isOutermost(_ name: ByteView) -> Bool {
    component.name(ofNode: 0).equalsIgnoringCase(name)
  }

  func atEnd() -> CalendarItem {
    guard level == .component else {
      if level == .calendar {
        calendar.note(.unclosedCalendar, line: lineNumber)
        finishCalendar()
      }
      level = .outside
      return .end
    }
    lineStart = pos
    lineStartNumber = lineNumber
    fail(.missingEnd)
    return close(before: false) ?? .end
  }

  /// Notes the component's first fault.
  func fail(_ kind: CalendarFault.Kind) {
    guard fault == nil else { return }
    let isInner = stack.count > 0 && kind != .tooLarge && kind != .tooManyProperties
    let node = isInner ? Int(stack[stack.count &- 1]) : 0
    fault = CalendarFault(
      kind: kind, line: selection == .all ? lineStartNumber : 0, offset: offset(of: lineStart),
      component: component.name(ofNode: node).prefix(40).string, detail: "")
  }

  /// Ends the component. `before`: the line in hand belongs to what follows.
  func close(before: Bool) -> CalendarItem? {
    if before {
      component.bytes.truncate(to: textStart)
      pos = lineStart
      lineNumber = lineStartNumber
      nextLF = -1
      nextCR = -1
    }
    if !isOversize, pos &- componentStart > CalendarLimits.componentBytes { fail(.tooLarge) }
    level = wasInCalendar ? .calendar : .outside
    component.finish(charset: charset)
    finishCalendar()
    if let wide, wide.isDamaged { component.note(.invalidText, line: 0) }
    place.length = offset(of: pos) &- componentOffset
    stack.truncate(to: 0)
    if let fault {
      self.fault = nil
      return .broken(fault)
    }
    return .component
  }

  func finishCalendar() {
    guard calendar.bytes.count != checkedCalendarText else { return }
    calendar.finish(charset: charset)
    checkedCalendarText = calendar.bytes.count
  }

  /// Refuses a component that has grown too large, and lets go of what was read of it.
  func checkSize() {
    guard !isOversize else {
      component.bytes.truncate(to: 4096)
      return
    }
    if component.lines.count > CalendarLimits.properties
      || component.params.count > CalendarLimits.properties
    {
      fail(.tooManyProperties)
    }
    if pos &- componentStart > CalendarLimits.componentBytes { becomeOversize() }
  }

  /// From here on the component is only looked through for its end.
  func becomeOversize() {
    guard !isOversize else { return }
    fail(.tooLarge)
    isOversize = true
    keep = pos
    // Of what was read the first lines stay: who looks at it wants to know what it was.
    var kept = 0
    while kept < component.lines.count, component.lines[kept].value.end <= 4096 { kept &+= 1 }
    if kept < component.lines.count {
      component.params.truncate(to: Int(component.lines[kept].firstParameter))
    }
    component.lines.truncate(to: kept)
    component.nodeRow.truncate(to: 1)
    excess &+= stack.count &- 1
    stack.truncate(to: 1)
    component.bytes.truncate(to: 4096)
    textStart = min(textStart, component.bytes.count)
  }
}
