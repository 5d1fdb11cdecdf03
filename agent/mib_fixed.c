/*
 * The older tables name their rows by addresses of four octets and plain numbers. A
 * shape says which sub-identifier is what; the key holds octets as one byte and numbers
 * as four, in order, so that memcmp() is the order of the MIB.
 *
 * Such a shape has no lengths in it, so any sequence is an exact bound: a short one
 * stands before all that begin with it, a long one behind the row it begins with, and
 * an octet above 255 behind all that agree up to there.
 */
#include "mib_fixed.h"

bool
mib_fixed_decode(const struct mib_shape *shape, const mib_subid *sub, size_t n,
                 struct mib_key *out)
{
	struct mib_key key = { { (uint8_t)shape->table } };
	uint8_t *at = key.b + 1;

	if (n != strlen(shape->fields))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (shape->fields[i] == 'n') {
			mib_put32(at, sub[i]);
			at += 4;
		} else if (sub[i] <= 255) {
			*at++ = (uint8_t)sub[i];
		} else {
			return false;
		}
	}
	*out = key;
	return true;
}

size_t
mib_fixed_encode(const struct mib_shape *shape, const struct mib_key *key, mib_subid *out)
{
	const uint8_t *at = key->b + 1;
	size_t n = 0;

	for (; shape->fields[n] != '\0'; n++) {
		out[n] = shape->fields[n] == 'n' ? mib_get32(at) : *at;
		at += shape->fields[n] == 'n' ? 4 : 1;
	}
	return n;
}

void
mib_fixed_bound(const struct mib_shape *shape, const mib_subid *sub, size_t n,
                struct mib_key *out, bool *inclusive)
{
	size_t fields = strlen(shape->fields), i;
	uint8_t *at = out->b + 1;

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = (uint8_t)shape->table;
	for (i = 0; i < fields && i < n; i++) {
		if (shape->fields[i] == 'n') {
			mib_put32(at, sub[i]);
			at += 4;
		} else if (sub[i] <= 255) {
			*at++ = (uint8_t)sub[i];
		} else {
			memset(at, 0xFF, (size_t)(out->b + sizeof out->b - at));
			*inclusive = false;
			return;
		}
	}
	*inclusive = n < fields;
}
