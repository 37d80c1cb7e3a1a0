// A disk that syncs more slowly than this one, for every program that it is preloaded into:
//
//   gcc -shared -fPIC -o /tmp/slow-sync.so bench/slow-sync.c -ldl
//   LD_PRELOAD=/tmp/slow-sync.so SLOW_SYNC_US=200 npm run bench -- append commands kafka
//
// SLOW_SYNC_US: microseconds that a thread sleeps before each fsync and fdatasync; the kernel wakes it some 60 later.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int after_a_while(const char *name, int file) {
  const char *told = getenv("SLOW_SYNC_US");
  long microseconds = told ? atol(told) : 0;
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  nanosleep(&time, NULL);
  int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return sync(file);
}

int fsync(int file) { return after_a_while("fsync", file); }

int fdatasync(int file) { return after_a_while("fdatasync", file); }
