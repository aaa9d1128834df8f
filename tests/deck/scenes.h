/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens that are compared with what they were: scene by scene, at any size. */
#ifndef LEDGERDECK_TESTS_DECK_SCENES_H
#define LEDGERDECK_TESTS_DECK_SCENES_H

#include "deck/tests.h"

extern const size_t scene_count;

const char *scene_name(size_t scene);
/* The deck as that scene has it, at 80x24; ends with stage_close(). */
void scene_open(struct stage *stage, size_t scene);
/* Painted anew, with all that it asks for by then. */
void scene_size(struct stage *stage, int rows, int columns);
void scene_mode(struct stage *stage, enum text_mode mode);

#endif
