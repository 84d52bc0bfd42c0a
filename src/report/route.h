/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "ioward route": the routes between two functions, and a table of those between many.
 */
#ifndef IOWARD_REPORT_ROUTE_H
#define IOWARD_REPORT_ROUTE_H

#include "report/view.h"
#include <ioward/route.h>
#include <stdio.h>

/* The worst route of each kind of request: [0] untranslated, [1] translated. */
struct iow_route_view {
    uint32_t from, to;
    struct iow_route now[2];
    struct iow_route enabled[2]; /* once bus mastering and memory decoding are on */
};

/* iow_route_view_find - In: from, to  two different positions */
void iow_route_view_find(const struct iow_view *view, uint32_t from, uint32_t to, struct iow_route_view *ret);

/* iow_route_hop_text - the sentence of a hop on the way to a position */
void iow_route_hop_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_hop *hop, uint32_t target);

/* iow_route_answer_words - what the request does: "goes around the IOMMU" */
const char *iow_route_answer_words(const struct iow_route *route);

/* iow_route_worse - the one of two routes that isolates less; the first where they are alike */
const struct iow_route *iow_route_worse(const struct iow_route *a, const struct iow_route *b);

int iow_route_text(const struct iow_view *view, const struct iow_route_view *pair, FILE *out);
int iow_route_json(const struct iow_view *view, const struct iow_route_view *pair, FILE *out);

/* The table between n functions, each once, with all switched on. Every cell is the worse of both kinds of requests. */
int iow_route_matrix_text(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out);
int iow_route_matrix_json(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out);

#endif
