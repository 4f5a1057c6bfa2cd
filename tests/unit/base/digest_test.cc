#include "base/digest.h"

#include <doctest/doctest.h>

namespace advisor::digest_test {

// The examples of FIPS 180-4 and of RFC 4231, cases 2 and 6.
TEST_CASE("digest: SHA-256 and its HMAC are those of the standards") {
  CHECK(hexadecimal(sha256("")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hexadecimal(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hexadecimal(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hexadecimal(hmac_sha256(std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// What systemd-id128 machine-id --app-specific prints where /etc/machine-id is this.
TEST_CASE("digest: the id of a host is the one that systemd makes for this program") {
  const auto id = hashed_id("0123456789abcdef0123456789abcdef");

  CHECK(id == "d6a1653974584304ac231107c2b0d172");
  CHECK(hashed_id("01234567-89ab-cdef-0123-456789abcdef") == id);
}

TEST_CASE("digest: what is no id has none that could be taken for one") {
  CHECK_FALSE(hashed_id(""));
  CHECK_FALSE(hashed_id("uninitialized"));
  CHECK_FALSE(hashed_id("00000000000000000000000000000000"));
  CHECK_FALSE(hashed_id("0123456789abcdef0123456789abcde"));
  CHECK_FALSE(hashed_id("0123456789abcdef0123456789abcdeg"));
}

}  // namespace advisor::digest_test
