#include "manual.h"

// The pages are part of the program, so that they are at hand wherever it was copied to.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char text_winnow[] = {
#embed "../winnow/winnow.docc/winnow.md"
};
static const unsigned char text_Exporting[] = {
#embed "../winnow/winnow.docc/Exporting.md"
};
static const unsigned char text_Configuration[] = {
#embed "../winnow/winnow.docc/Configuration.md"
};
static const unsigned char text_Calendars[] = {
#embed "../winnow/winnow.docc/Calendars.md"
};
static const unsigned char text_Folders[] = {
#embed "../winnow/winnow.docc/Folders.md"
};
static const unsigned char text_Reasons[] = {
#embed "../winnow/winnow.docc/Reasons.md"
};
static const unsigned char text_Files[] = {
#embed "../winnow/winnow.docc/Files.md"
};
static const unsigned char text_Nightly[] = {
#embed "../winnow/winnow.docc/Nightly.md"
};
static const unsigned char text_Ledger[] = {
#embed "../winnow/winnow.docc/Ledger.md"
};
static const unsigned char text_Availability[] = {
#embed "../winnow/winnow.docc/Availability.md"
};
static const unsigned char text_Commands[] = {
#embed "../winnow/winnow.docc/Commands.md"
};
static const unsigned char text_Limits[] = {
#embed "../winnow/winnow.docc/Limits.md"
};
static const unsigned char text_Performance[] = {
#embed "../winnow/winnow.docc/Performance.md"
};
static const unsigned char text_Accuracy[] = {
#embed "../winnow/winnow.docc/Accuracy.md"
};
static const unsigned char text_Security[] = {
#embed "../winnow/winnow.docc/Security.md"
};
static const unsigned char text_Decisions[] = {
#embed "../winnow/winnow.docc/Decisions.md"
};
static const unsigned char text_Cluster[] = {
#embed "../winnow/winnow.docc/Cluster.md"
};
static const unsigned char text_Architecture[] = {
#embed "../winnow/winnow.docc/Architecture.md"
};
static const unsigned char text_Features[] = {
#embed "../winnow/winnow.docc/Features.md"
};
static const unsigned char text_Development[] = {
#embed "../winnow/winnow.docc/Development.md"
};

#define PAGE(name) {#name, text_##name, sizeof text_##name}

static const winnow_page pages[] = {
    PAGE(winnow),
    PAGE(Exporting),
    PAGE(Configuration),
    PAGE(Calendars),
    PAGE(Folders),
    PAGE(Reasons),
    PAGE(Files),
    PAGE(Nightly),
    PAGE(Ledger),
    PAGE(Availability),
    PAGE(Commands),
    PAGE(Limits),
    PAGE(Performance),
    PAGE(Accuracy),
    PAGE(Security),
    PAGE(Decisions),
    PAGE(Cluster),
    PAGE(Architecture),
    PAGE(Features),
    PAGE(Development),
};

const winnow_page *winnow_manual(size_t *count) {
  *count = sizeof pages / sizeof pages[0];
  return pages;
}
