/*
 * Runs a program and says what it took: `launch REPORT PROGRAM [ARGUMENT...]` writes "SECONDS PEAK_KIB STATUS" to the file
 * REPORT. A small process of its own, because a child's peak includes what its parent held before the exec.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    double start = now();
    struct rusage usage;
    int status = 0;
    pid_t child;
    FILE *report;

    if (argc < 3 || posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ) != 0)
        return 127;
    wait4(child, &status, 0, &usage);
    start = now() - start;
    report = fopen(argv[1], "w");
    if (report == NULL)
        return 126;
    fprintf(report, "%.9f %ld %d\n", start, usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return fclose(report) != 0;
}
