/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cookie leaves the kernel only as a token: a digest with a key that the loader draws. */
#ifndef IOWARD_HOST_LINUX_BPF_TOKEN_H
#define IOWARD_HOST_LINUX_BPF_TOKEN_H

/* Drawn when the programs are loaded. */
const volatile __u64 token_key[2];

#define ROTATE(x, n) (((x) << (n)) | ((x) >> (64 - (n))))

/* Source: Aumasson, Bernstein: SipHash, a fast short-input PRF (2012); here of one word. */
static __always_inline void sip_round(__u64 v[4])
{
    v[0] += v[1];
    v[1] = ROTATE(v[1], 13) ^ v[0];
    v[0] = ROTATE(v[0], 32);
    v[2] += v[3];
    v[3] = ROTATE(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = ROTATE(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = ROTATE(v[1], 17) ^ v[2];
    v[2] = ROTATE(v[2], 32);
}

static __always_inline void sip_word(__u64 v[4], __u64 word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

static __always_inline __u32 token_of(__u64 cookie)
{
    __u64 k0 = token_key[0], k1 = token_key[1], sum;
    __u64 v[4] = {
        k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};

    sip_word(v, cookie);
    sip_word(v, 8ULL << 56); /* eight bytes, and none left over */
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    sum = v[0] ^ v[1] ^ v[2] ^ v[3];
    return (__u32)(sum ^ sum >> 32);
}

#endif
