// What GMime sees in a message, as one JSON object a line, for comparison with `winnow inspect`;
// and how fast GMime reads a whole mbox. Rules of the output: Tests/Peers/README.md.
//
//   gmime_dump [LIST]              LIST (else standard input): PATH or PATH TAB OFFSET TAB LENGTH a line
//   gmime_dump --bench FILE        mbox: every message constructed, structure walked, nothing decoded
//   gmime_dump --bench-decode FILE the same, and every leaf decoded, text to UTF-8

#include <fcntl.h>
#include <gmime/gmime.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MAX_DEPTH 200

// --- JSON ------------------------------------------------------------------------------------

static void put_string(const char *text) {
  if (text == NULL) {
    fputs("null", stdout);
    return;
  }
  char *valid = g_utf8_make_valid(text, -1);
  putchar('"');
  for (const unsigned char *at = (const unsigned char *)valid; *at; at++) {
    if (*at == '"' || *at == '\\') {
      putchar('\\');
      putchar(*at);
    } else if (*at < 0x20 || *at == 0x7f) {
      printf("\\u%04x", *at);
    } else {
      putchar(*at);
    }
  }
  putchar('"');
  g_free(valid);
}

static void put_strings(const char *name, GPtrArray *strings) {
  printf(",\"%s\":[", name);
  for (guint i = 0; i < strings->len; i++) {
    if (i) putchar(',');
    put_string(g_ptr_array_index(strings, i));
  }
  putchar(']');
}

// --- Text ------------------------------------------------------------------------------------

// The charset label as the web reads it: Latin-1 and ASCII mean windows-1252 there.
static const char *effective_charset(const char *label) {
  static const char *western[] = {"iso-8859-1", "iso8859-1", "latin1", "iso_8859-1", "cp1252",
                                  "windows-1252", NULL};
  for (int i = 0; western[i]; i++)
    if (g_ascii_strcasecmp(label, western[i]) == 0) return "CP1252";
  if (g_ascii_strcasecmp(label, "gb2312") == 0) return "GBK";
  if (g_ascii_strcasecmp(label, "shift_jis") == 0) return "CP932";
  if (g_ascii_strcasecmp(label, "ks_c_5601-1987") == 0) return "CP949";
  if (g_ascii_strcasecmp(label, "x-mac-cyrillic") == 0) return "MAC-CYRILLIC";
  return g_mime_charset_iconv_name(label);
}

// Converts what converts; each byte that does not becomes U+FFFD. NULL: iconv knows no such charset.
static char *converted(const char *bytes, size_t length, const char *charset) {
  iconv_t handle = iconv_open("UTF-8", charset);
  if (handle == (iconv_t)-1) return NULL;
  GString *out = g_string_sized_new(length + 16);
  char *in = (char *)bytes;
  size_t left = length;
  while (left > 0) {
    char chunk[4096];
    char *to = chunk;
    size_t room = sizeof chunk;
    size_t result = iconv(handle, &in, &left, &to, &room);
    g_string_append_len(out, chunk, to - chunk);
    if (result != (size_t)-1) break;
    if (room < 16 && to > chunk) continue;
    if (left > 0) {
      g_string_append(out, "\xef\xbf\xbd");
      in++;
      left--;
    }
  }
  iconv_close(handle);
  return g_string_free(out, FALSE);
}

static char *text_of(const char *bytes, size_t length, const char *label) {
  if (length == 0) return g_strdup("");
  gboolean unlabelled = label == NULL || *label == 0 || g_ascii_strcasecmp(label, "us-ascii") == 0 ||
                        g_ascii_strcasecmp(label, "utf-8") == 0;
  if (!unlabelled) {
    char *text = converted(bytes, length, effective_charset(label));
    if (text) return text;
  }
  if (label && g_ascii_strcasecmp(label, "utf-8") == 0) return g_utf8_make_valid(bytes, length);
  if (g_utf8_validate_len(bytes, length, NULL)) return g_strndup(bytes, length);
  return converted(bytes, length, "CP1252");
}

// --- The parts of one message ----------------------------------------------------------------

typedef struct {
  GPtrArray *texts, *attachments, *soft, *embedded;
  gboolean flowed, html;
} Found;

static GByteArray *decoded_bytes(GMimeObject *leaf) {
  GMimeStream *memory = g_mime_stream_mem_new();
  GMimeDataWrapper *content = GMIME_IS_PART(leaf) ? g_mime_part_get_content((GMimePart *)leaf) : NULL;
  if (content) g_mime_data_wrapper_write_to_stream(content, memory);
  g_mime_stream_mem_set_owner((GMimeStreamMem *)memory, FALSE);
  GByteArray *bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)memory);
  g_object_unref(memory);
  return bytes;
}

static gboolean is_named(GMimeObject *leaf) {
  const char *name = GMIME_IS_PART(leaf) ? g_mime_part_get_filename((GMimePart *)leaf) : NULL;
  return name != NULL && *name != 0;
}

static gboolean is_attachment(GMimeObject *leaf) {
  const char *disposition = g_mime_object_get_disposition(leaf);
  return disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

static gboolean is_body(GMimeObject *leaf, const char *subtype) {
  return g_mime_content_type_is_type(g_mime_object_get_content_type(leaf), "text", subtype) &&
         !is_named(leaf) && !is_attachment(leaf);
}

static gboolean has_plain(GMimeObject *object, int depth) {
  if (depth > MAX_DEPTH) return FALSE;
  if (!GMIME_IS_MULTIPART(object)) return is_body(object, "plain");
  int count = g_mime_multipart_get_count((GMimeMultipart *)object);
  for (int i = 0; i < count; i++)
    if (has_plain(g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1)) return TRUE;
  return FALSE;
}

static void visit_leaf(GMimeObject *leaf, gboolean text_wanted, Found *found) {
  GMimeContentType *type = g_mime_object_get_content_type(leaf);
  const char *disposition = g_mime_object_get_disposition(leaf);
  GByteArray *bytes = decoded_bytes(leaf);
  gboolean plain = is_body(leaf, "plain"), html = is_body(leaf, "html");
  if (plain && text_wanted) {
    const char *charset = g_mime_object_get_content_type_parameter(leaf, "charset");
    const char *format = g_mime_object_get_content_type_parameter(leaf, "format");
    if (format && g_ascii_strcasecmp(format, "flowed") == 0) found->flowed = TRUE;
    g_ptr_array_add(found->texts, text_of((const char *)bytes->data, bytes->len, charset));
  } else if (g_mime_content_type_is_type(type, "text", "*") && !is_named(leaf) && !disposition) {
    if (html) found->html = TRUE;
  } else {
    if (html) found->html = TRUE;
    char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
    gboolean message = g_mime_content_type_is_type(type, "message", "rfc822") ||
                       g_mime_content_type_is_type(type, "message", "global") ||
                       g_mime_content_type_is_type(type, "message", "news");
    g_ptr_array_add(message ? found->embedded : plain || html ? found->soft : found->attachments, sum);
  }
  g_byte_array_free(bytes, TRUE);
}

static void visit(GMimeObject *object, gboolean text_wanted, int depth, Found *found) {
  if (depth > MAX_DEPTH) return;
  if (!GMIME_IS_MULTIPART(object)) {
    visit_leaf(object, text_wanted, found);
    return;
  }
  gboolean alternative =
      g_mime_content_type_is_type(g_mime_object_get_content_type(object), "multipart", "alternative");
  gboolean taken = FALSE;
  int count = g_mime_multipart_get_count((GMimeMultipart *)object);
  for (int i = 0; i < count; i++) {
    GMimeObject *part = g_mime_multipart_get_part((GMimeMultipart *)object, i);
    gboolean wanted = text_wanted && !(alternative && taken);
    if (alternative && wanted && has_plain(part, depth + 1)) taken = TRUE;
    visit(part, wanted, depth + 1, found);
  }
}

// --- One message -----------------------------------------------------------------------------

static gboolean put_addresses(InternetAddressList *list, gboolean first) {
  int count = internet_address_list_length(list);
  for (int i = 0; i < count; i++) {
    InternetAddress *address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(address)) {
      first = put_addresses(internet_address_group_get_members((InternetAddressGroup *)address), first);
      continue;
    }
    if (!first) putchar(',');
    first = FALSE;
    fputs("{\"name\":", stdout);
    put_string(internet_address_get_name(address));
    fputs(",\"email\":", stdout);
    put_string(internet_address_mailbox_get_addr((InternetAddressMailbox *)address));
    putchar('}');
  }
  return first;
}

static void put_field(GMimeMessage *message, const char *name, const char *header,
                      InternetAddressList *list) {
  printf(",\"%s\":", name);
  if (g_mime_object_get_header((GMimeObject *)message, header) == NULL || list == NULL) {
    fputs("null", stdout);
    return;
  }
  putchar('[');
  put_addresses(list, TRUE);
  putchar(']');
}

static void put_message(const char *path, GMimeMessage *message) {
  fputs("{\"path\":", stdout);
  put_string(path);
  if (message == NULL) {
    puts(",\"error\":\"no message\"}");
    return;
  }
  fputs(",\"messageId\":", stdout);
  put_string(g_mime_message_get_message_id(message));
  GDateTime *date = g_mime_message_get_date(message);
  if (date)
    printf(",\"date\":%" G_GINT64_FORMAT, g_date_time_to_unix(date));
  else
    fputs(",\"date\":null", stdout);
  put_field(message, "from", "From", g_mime_message_get_from(message));
  put_field(message, "to", "To", g_mime_message_get_to(message));
  put_field(message, "cc", "Cc", g_mime_message_get_cc(message));
  fputs(",\"subject\":", stdout);
  put_string(g_mime_message_get_subject(message));

  Found found = {g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free),
                 g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free),
                 FALSE, FALSE};
  GMimeObject *body = g_mime_message_get_mime_part(message);
  if (body) visit(body, TRUE, 0, &found);
  fputs(",\"text\":", stdout);
  if (found.texts->len == 0) {
    fputs("null", stdout);
  } else {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found.texts->len; i++) {
      if (i) g_string_append_c(text, '\n');
      g_string_append(text, g_ptr_array_index(found.texts, i));
    }
    put_string(text->str);
    g_string_free(text, TRUE);
  }
  printf(",\"flowed\":%s,\"html\":%s", found.flowed ? "true" : "false", found.html ? "true" : "false");
  put_strings("attachments", found.attachments);
  put_strings("soft", found.soft);
  put_strings("embedded", found.embedded);
  puts("}");
  g_ptr_array_free(found.texts, TRUE);
  g_ptr_array_free(found.attachments, TRUE);
  g_ptr_array_free(found.soft, TRUE);
  g_ptr_array_free(found.embedded, TRUE);
}

static void dump(const char *path, gint64 offset, gint64 length) {
  GError *error = NULL;
  GMimeStream *stream = g_mime_stream_fs_open(path, O_RDONLY, 0, &error);
  if (stream == NULL) {
    put_message(path, NULL);
    g_clear_error(&error);
    return;
  }
  if (length >= 0) {
    GMimeStream *part = g_mime_stream_substream(stream, offset, offset + length);
    g_object_unref(stream);
    stream = part;
  }
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  put_message(path, message);
  if (message) g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
}

static int dump_list(FILE *list) {
  // Embedded messages are leaves here, with their bytes, not trees.
  const char *kinds[] = {"rfc822", "rfc2822", "global", "news", "partial", "external-body", NULL};
  for (int i = 0; kinds[i]; i++) g_mime_object_register_type("message", kinds[i], GMIME_TYPE_PART);
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  while ((size = getline(&line, &room, list)) > 0) {
    if (line[size - 1] == '\n') line[size - 1] = 0;
    if (*line == 0) continue;
    gint64 offset = 0, length = -1;
    char *tab = strchr(line, '\t');
    if (tab) {
      *tab = 0;
      char *second = strchr(tab + 1, '\t');
      offset = g_ascii_strtoll(tab + 1, NULL, 10);
      if (second) length = g_ascii_strtoll(second + 1, NULL, 10);
    }
    dump(line, offset, length);
  }
  free(line);
  return 0;
}

// --- Bench -----------------------------------------------------------------------------------

static volatile size_t touched;

static void touch(GMimeObject *object, int depth, gboolean decode) {
  if (object == NULL || depth > MAX_DEPTH) return;
  GMimeContentType *type = g_mime_object_get_content_type(object);
  touched += strlen(g_mime_content_type_get_media_subtype(type));
  if (GMIME_IS_MULTIPART(object)) {
    int count = g_mime_multipart_get_count((GMimeMultipart *)object);
    for (int i = 0; i < count; i++)
      touch(g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1, decode);
  } else if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage *inner = g_mime_message_part_get_message((GMimeMessagePart *)object);
    if (inner) touch(g_mime_message_get_mime_part(inner), depth + 1, decode);
  } else if (decode && GMIME_IS_TEXT_PART(object)) {
    char *text = g_mime_text_part_get_text((GMimeTextPart *)object);
    if (text) touched += strlen(text);
    g_free(text);
  } else if (decode) {
    GByteArray *bytes = decoded_bytes(object);
    touched += bytes->len;
    g_byte_array_free(bytes, TRUE);
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int bench(const char *path, gboolean decode) {
  double began = now();
  // Of GMime's streams the mapped one is the quickest here, by a fifth; the comparison should be fair to it.
  int file = open(path, O_RDONLY);
  GMimeStream *stream = file < 0 ? NULL : g_mime_stream_mmap_new(file, PROT_READ, MAP_PRIVATE);
  if (stream == NULL) {
    perror(path);
    return 1;
  }
  gint64 size = g_mime_stream_length(stream);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
  g_mime_parser_set_persist_stream(parser, TRUE);
  size_t messages = 0;
  gint64 last = -1;
  while (!g_mime_parser_eos(parser)) {
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    gint64 at = g_mime_parser_tell(parser);
    if (message) {
      messages++;
      const char *subject = g_mime_message_get_subject(message);
      if (subject) touched += strlen(subject);
      touch(g_mime_message_get_mime_part(message), 0, decode);
      g_object_unref(message);
    } else if (at == last) {
      fprintf(stderr, "gmime_dump: no progress at byte %" G_GINT64_FORMAT "\n", at);
      break;
    }
    last = at;
  }
  double seconds = now() - began;
  printf("{\"messages\":%zu,\"bytes\":%" G_GINT64_FORMAT ",\"touched\":%zu,\"seconds\":%.4f,\"megabytesPerSecond\":%.1f}\n",
         messages, size, touched, seconds, (double)size / 1e6 / seconds);
  g_object_unref(parser);
  g_object_unref(stream);
  return 0;
}

int main(int count, char **arguments) {
  g_mime_init();
  if (count == 3 && strcmp(arguments[1], "--bench") == 0) return bench(arguments[2], FALSE);
  if (count == 3 && strcmp(arguments[1], "--bench-decode") == 0) return bench(arguments[2], TRUE);
  if (count > 2 || (count == 2 && arguments[1][0] == '-')) {
    fputs("usage: gmime_dump [LIST] | --bench FILE | --bench-decode FILE\n", stderr);
    return 64;
  }
  FILE *list = count == 2 ? fopen(arguments[1], "r") : stdin;
  if (list == NULL) {
    perror(arguments[1]);
    return 66;
  }
  return dump_list(list);
}
