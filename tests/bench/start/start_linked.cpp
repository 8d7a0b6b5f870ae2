/// A process that links Poco and OpenSSL, as the library does, and uses neither.
int main() {
    return 0;
}
