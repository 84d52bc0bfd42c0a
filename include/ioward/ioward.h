/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything of libioward. */
#ifndef IOWARD_IOWARD_H
#define IOWARD_IOWARD_H

#include <ioward/acs.h>
#include <ioward/address.h>
#include <ioward/alias.h>
#include <ioward/analysis.h>
#include <ioward/claim.h>
#include <ioward/config.h>
#include <ioward/driver.h>
#include <ioward/error.h>
#include <ioward/facts.h>
#include <ioward/grouping.h>
#include <ioward/host.h>
#include <ioward/isolation.h>
#include <ioward/lock.h>
#include <ioward/mem.h>
#include <ioward/owner.h>
#include <ioward/ownership.h>
#include <ioward/plan.h>
#include <ioward/route.h>
#include <ioward/rule.h>
#include <ioward/topology.h>
#include <ioward/transition.h>

#endif
