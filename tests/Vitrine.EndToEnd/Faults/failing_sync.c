/* Lets fsync and fdatasync of the journal's files fail as soon as the file named by FAILING_SYNC_TRIGGER exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int must_fail(int descriptor)
{
    const char *trigger = getenv("FAILING_SYNC_TRIGGER");
    if (trigger == NULL || access(trigger, F_OK) != 0) {
        return 0;
    }

    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return 0;
    }

    path[length] = '\0';
    return strstr(path, "journal.db") != NULL;
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
