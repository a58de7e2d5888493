/*
 * What every C test stands on: an emulator, a client that talks to it, and the counting.
 *
 *     TEST(a_sentence_about_the_subject)
 *     {
 *         CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_OK);
 *         CHECK(sent() == 1);
 *     }
 *
 * Each test runs in a process of its own, with a client of its own, on an emulator that has just been reset: a crash
 * is one failed test, and what a test leaks is found when its process ends. Under valgrind they share a process (see
 * harness.c), so a test sets its static variables before it counts on them.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator.h"
#include "mgpresence.h"

/* The client id of the application that the emulator's first token was issued to. */
#define APP_ID (emulator.app_id)

/* The object id of the emulator's user adele: /communications/presences takes no other name. */
#define ADELE_ID "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"

/* A body of setPresence from this application. Good until the next call. */
const char *session_body(const char *availability, const char *activity);

/* What the service now says of a user, such as "Busy/InACall". Good until the next call. */
const char *presence_of(const char *user);

/* A client on the emulator, signed in as that application. */
extern mgp_client *client;

/* A client like it, signed in as a person, who alone has a /me. The caller frees it. */
mgp_client *delegated_client(void);

/* A client for any address, with a token and one attempt for each request. The caller frees it. */
mgp_client *client_for(const char *base_url);

/* A queue, for a test that counts drops from 0. The caller frees it. */
mgp_queue *new_queue(void);

/* A drop function for &dropped, and how often it was called. */
extern int dropped;
void count_drop(void *user);

/* Defines a test; main runs all of them, or those whose file or name contains an argument. */
#define TEST(name) DEFINE_TEST(name, 0)

/* A test that always gets a process of its own: it must find the library unused. */
#define TEST_APART(name) DEFINE_TEST(name, 1)

#define DEFINE_TEST(name, is_apart)                                                                \
    static void name(void);                                                                        \
    __attribute__((constructor)) static void register_##name(void)                                 \
    {                                                                                              \
        static struct test entry = {#name, __FILE__, name, is_apart, NULL};                        \
        register_test(&entry);                                                                     \
    }                                                                                              \
    static void name(void)

/* Notes a failure and goes on, so that one run shows all that is wrong. */
#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)

/* CHECK for text, showing what it was instead. */
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_CONTAINS(text, part) check_contains((text), (part), #text, __FILE__, __LINE__)

struct test {
    const char *name;
    const char *file;
    void (*body)(void);
    int is_apart;
    struct test *next;
};

void register_test(struct test *test);
void check(int holds, const char *condition, const char *file, int line);
void check_text(const char *actual, const char *expected, const char *what, const char *file, int line);
void check_contains(const char *text, const char *part, const char *what, const char *file, int line);

#endif
