#ifndef WINNOW_CLIBCRYPTO_SHIM_H
#define WINNOW_CLIBCRYPTO_SHIM_H
// SHA256_Init and its like are deprecated in OpenSSL 3 for the EVP interface, which allocates and
// looks up at every use: on mail-sized inputs that costs as much as the hashing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#endif
