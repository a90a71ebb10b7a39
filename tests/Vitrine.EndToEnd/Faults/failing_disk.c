/*
 * Lets fsync and fdatasync of the journal's files fail as soon as the file named by FAILING_SYNC_TRIGGER exists, and the
 * first FAILING_READS reads of the journal's file by the projector's thread.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_journal(int descriptor)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return 0;
    }

    path[length] = '\0';
    return strstr(path, "journal.db") != NULL;
}

static int must_fail(int descriptor)
{
    const char *trigger = getenv("FAILING_SYNC_TRIGGER");
    return trigger != NULL && access(trigger, F_OK) == 0 && is_journal(descriptor);
}

static int read_must_fail(int descriptor)
{
    static int failed;
    const char *reads = getenv("FAILING_READS");
    char name[16];
    return reads != NULL && failed < atoi(reads)
        && pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strcmp(name, "projector") == 0
        && is_journal(descriptor) && ++failed > 0;
}

static int sync_or_fail(const char *name, int descriptor)
{
    if (must_fail(descriptor)) {
        errno = EIO;
        return -1;
    }

    int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return original(descriptor);
}

int fsync(int descriptor)
{
    return sync_or_fail("fsync", descriptor);
}

int fdatasync(int descriptor)
{
    return sync_or_fail("fdatasync", descriptor);
}

static ssize_t read_or_fail(const char *name, int descriptor, void *buffer, size_t count, off_t offset)
{
    if (read_must_fail(descriptor)) {
        errno = EIO;
        return -1;
    }

    ssize_t (*original)(int, void *, size_t, off_t) = (ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, name);
    return original(descriptor, buffer, count, offset);
}

ssize_t pread(int descriptor, void *buffer, size_t count, off_t offset)
{
    return read_or_fail("pread", descriptor, buffer, count, offset);
}

ssize_t pread64(int descriptor, void *buffer, size_t count, off_t offset)
{
    return read_or_fail("pread64", descriptor, buffer, count, offset);
}
