// Sets a user's presence and shows what it is now.
//
//     c++ -std=c++17 set_presence.cpp $(pkg-config --cflags --libs mgpresence) -o set_presence
//     MGP_TOKEN=... ./set_presence adele@contoso.com Busy InACall
//
// MGP_BASE_URL, when set, is asked instead of Graph: an emulator on this machine, say.
#include <mgpresence.hpp>

#include <cstdlib>
#include <iostream>

int main(int argc, char **argv) try {
    if (argc < 4) {
        std::cerr << "usage: " << argv[0] << " user availability activity\n";
        return 2;
    }
    const char *token = std::getenv("MGP_TOKEN");
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    options.base_url = std::getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;

    const mgpresence::Client client(mgpresence::Credential(std::string(token ? token : "")), options);
    client.set_presence(argv[1], argv[2], argv[3]);
    const mgpresence::Response response = client.get_presence(argv[1]);
    std::cout << argv[1] << " is now " << response.presence().availability() << '/' << response.presence().activity() << '\n';
} catch (const mgpresence::Error &refusal) {
    std::cerr << refusal.what() << '\n';
    return 1;
}
