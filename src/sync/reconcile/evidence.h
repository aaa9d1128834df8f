/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of a pack's manifest, which one file writes and another reads. */
#ifndef RECONCILE_EVIDENCE_H
#define RECONCILE_EVIDENCE_H

#define EVIDENCE_MANIFEST "MANIFEST.sha256"
#define EVIDENCE_HEAD "# evidence of "
#define EVIDENCE_PREVIOUS "# previous "
#define EVIDENCE_SEAL "# seal "

#endif
