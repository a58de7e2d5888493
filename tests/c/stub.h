/*
 * A server that answers every connection with the same bytes, whatever was asked: for the answers that no proper
 * service gives. It notes what it received.
 */
#ifndef STUB_H
#define STUB_H

#include <stddef.h>

struct stub;

/* A 200 with a JSON body that ends with the connection. */
#define STUB_JSON(body) "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body

/* Starts one on a free port of 127.0.0.1; it sends `answer` as it stands and closes. "" closes without a word. */
struct stub *stub_start(const char *answer);

/* Its origin, such as http://127.0.0.1:40001. */
const char *stub_url(const struct stub *stub);

/* How many connections brought a request, and the bytes of the last one. */
int stub_count(struct stub *stub);
const char *stub_received(struct stub *stub);

void stub_stop(struct stub *stub);

#endif
