/* Ends a program by SIGKILL before its N-th system call of any kind, whatever the library it comes from:
 *
 *   kill-at N FOLDER PROGRAM ARGUMENT...
 *
 * Calls count from the first that opens a file below FOLDER, so that the loader's are left out; those of all
 * threads count, those of forked processes do not. Exit code: the program's; 137 when it was killed. N = 0 lets
 * it run to its end and writes the number of its calls to the file in SARING_FAULT_COUNT. Exit code 99: no
 * tracing here. */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int failed(const char* what) {
    perror(what);
    return 99;
}

/* Whether this call opens a file below the folder. Paths are read as far as they lie in readable memory. */
static int begins(pid_t thread, const struct __ptrace_syscall_info* call, const char* folder) {
    char path[PATH_MAX] = "";
    struct iovec here = {path, strlen(folder)}, there = {(void*)call->entry.args[1], strlen(folder)};
    if (call->entry.nr != SYS_openat || here.iov_len >= sizeof path) return 0;
    return process_vm_readv(thread, &here, 1, &there, 1, 0) == (ssize_t)here.iov_len && !strcmp(path, folder);
}

int main(int argc, char** argv) {
    long wanted, seen = 0;
    int status, begun = 0, result = 99;
    pid_t program;
    const char* count = getenv("SARING_FAULT_COUNT");
    if (argc < 4) {
        fprintf(stderr, "kill-at N FOLDER PROGRAM ARGUMENT...\n");
        return 99;
    }
    wanted = atol(argv[1]);
    program = fork();
    if (program < 0) return failed("fork");
    if (program == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0) _exit(failed("ptrace"));
        execv(argv[3], argv + 3);
        _exit(failed(argv[3]));
    }
    if (waitpid(program, &status, 0) < 0 || !WIFSTOPPED(status)) return failed("waitpid");
    if (ptrace(PTRACE_SETOPTIONS, program, NULL,
               PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) != 0 ||
        ptrace(PTRACE_SYSCALL, program, NULL, NULL) != 0)
        return failed("ptrace");

    for (;;) {
        struct __ptrace_syscall_info call;
        int deliver = 0;
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0) break;
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (thread == program) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
            if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof call, &call) > 0 &&
                call.op == PTRACE_SYSCALL_INFO_ENTRY) {
                begun |= begins(thread, &call, argv[2]);
                if (begun && ++seen == wanted) kill(program, SIGKILL);
            }
        } else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP) {
            deliver = WSTOPSIG(status);
        }
        ptrace(PTRACE_SYSCALL, thread, NULL, deliver); /* a thread that was killed meanwhile is waited for above */
    }
    if (wanted == 0 && count) {
        FILE* out = fopen(count, "w");
        if (!out) return failed(count);
        fprintf(out, "%ld\n", seen);
        fclose(out);
    }
    return result;
}
