#include "input/passwords.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "base/error.h"
#include "base/file.h"
#include "program/language.h"

namespace saring::tool {
namespace {

std::string from_terminal(const std::string& prompt) {
    std::FILE* terminal = std::fopen("/dev/tty", "r+");
    if (!terminal)
        throw Error(ErrorKind::usage, msg("password"), msg("there is no terminal to ask on"),
                    msg("give --password-file, or --no-password for a new key"));
    std::fputs(prompt.c_str(), terminal);
    std::fflush(terminal);
    termios before{};
    int fd = ::fileno(terminal);
    ::tcgetattr(fd, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd, TCSAFLUSH, &silent);
    char line[1024];
    const char* got = std::fgets(line, sizeof line, terminal);
    ::tcsetattr(fd, TCSAFLUSH, &before);
    std::fputs("\n", terminal);
    std::fclose(terminal);
    std::string out = got ? got : "";
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
    return out;
}

std::string from_file(const std::string& file) {
    auto text = read_secret_file(file, 4096);
    return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

std::string new_password(const std::string& file) {
    std::string password = file.empty() ? from_terminal(tr("Password for the new key: ")) : from_file(file);
    if (password.empty())
        throw Error(ErrorKind::usage, msg("password"), msg("is empty"), msg("choose one, or give --no-password"));
    if (file.empty() && from_terminal(tr("Repeat the password: ")) != password)
        throw Error(ErrorKind::usage, msg("password"), msg("the two differ"), msg("try again"));
    return password;
}

std::string password_for(const std::string& key, const std::string& file) {
    return file.empty() ? from_terminal(tr("Password for %1: ", key)) : from_file(file);
}

}  // namespace saring::tool
