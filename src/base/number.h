/*
 * Whole numbers of a struct by place and width, for what walks structs by a table of
 * their members: the control protocol, the columns of the store, JSON.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** The number of 1, 2, 4 or 8 bytes at `p`, which need not be aligned; not extended. */
static inline uint64_t
number_load(const void *p, size_t width)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (width) {
	case 1:
		memcpy(&u8, p, 1);
		return u8;
	case 2:
		memcpy(&u16, p, 2);
		return u16;
	case 4:
		memcpy(&u32, p, 4);
		return u32;
	default:
		memcpy(&u64, p, 8);
		return u64;
	}
}

/** Put the lowest 1, 2, 4 or 8 bytes of a number at `p`. */
static inline void
number_store(void *p, size_t width, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	switch (width) {
	case 1:
		memcpy(p, &u8, 1);
		return;
	case 2:
		memcpy(p, &u16, 2);
		return;
	case 4:
		memcpy(p, &u32, 4);
		return;
	default:
		memcpy(p, &value, 8);
	}
}

#endif
