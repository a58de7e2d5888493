/*
 * The emulator's process and its control API, for the tests: what it received, its faults, its clock.
 * The tests' main starts one; every process of a test uses it.
 */
#ifndef EMULATOR_H
#define EMULATOR_H

struct emulator {
    char url[128];
    char app_id[64];
    char token[2048];      /* of the application */
    char user_token[2048]; /* of adele, through the application */
};
extern struct emulator emulator;

/* `option`: one for its command line, NULL for none. */
void emulator_start(const char *option);
void emulator_stop(void);

/* Forgets users' presences, received requests and faults. */
void emulator_reset(void);

/* How many requests it received since the reset, and the index-th of them as a JSON line ("" when there is none). */
int sent(void);
const char *received(int index);

/* Sends JSON to a resource of the control API; docs/emulator.md lists them. */
void emulator_post(const char *resource, const char *json);

/* Orders a fault; the JSON is docs/emulator.md's. */
void emulator_fault(const char *json);

#endif
