#include "geo/region_codes.h"

#include <algorithm>

namespace saring::geo {
namespace {

struct Island {
    std::string_view code;
    std::vector<std::string_view> provinces;
};

const std::vector<Island>& islands() {
    static const std::vector<Island> all{
        {"ID-JW", {"ID-BT", "ID-JB", "ID-JI", "ID-JK", "ID-JT", "ID-YO"}},
        {"ID-KA", {"ID-KB", "ID-KI", "ID-KS", "ID-KT", "ID-KU"}},
        {"ID-ML", {"ID-MA", "ID-MU"}},
        {"ID-NU", {"ID-BA", "ID-NB", "ID-NT"}},
        {"ID-PP", {"ID-PA", "ID-PB", "ID-PD", "ID-PE", "ID-PS", "ID-PT"}},
        {"ID-SL", {"ID-GO", "ID-SA", "ID-SG", "ID-SN", "ID-SR", "ID-ST"}},
        {"ID-SM", {"ID-AC", "ID-BB", "ID-BE", "ID-JA", "ID-KR", "ID-LA", "ID-RI", "ID-SB", "ID-SS", "ID-SU"}},
    };
    return all;
}

}  // namespace

const std::vector<Province>& provinces() {
    static const std::vector<Province> all{
        {"ID-AC", "Aceh"},
        {"ID-BA", "Bali"},
        {"ID-BB", "Kepulauan Bangka Belitung"},
        {"ID-BE", "Bengkulu"},
        {"ID-BT", "Banten"},
        {"ID-GO", "Gorontalo"},
        {"ID-JA", "Jambi"},
        {"ID-JB", "Jawa Barat"},
        {"ID-JI", "Jawa Timur"},
        {"ID-JK", "Jakarta"},
        {"ID-JT", "Jawa Tengah"},
        {"ID-KB", "Kalimantan Barat"},
        {"ID-KI", "Kalimantan Timur"},
        {"ID-KR", "Kepulauan Riau"},
        {"ID-KS", "Kalimantan Selatan"},
        {"ID-KT", "Kalimantan Tengah"},
        {"ID-KU", "Kalimantan Utara"},
        {"ID-LA", "Lampung"},
        {"ID-MA", "Maluku"},
        {"ID-MU", "Maluku Utara"},
        {"ID-NB", "Nusa Tenggara Barat"},
        {"ID-NT", "Nusa Tenggara Timur"},
        {"ID-PA", "Papua"},
        {"ID-PB", "Papua Barat"},
        {"ID-PD", "Papua Barat Daya"},
        {"ID-PE", "Papua Pegunungan"},
        {"ID-PS", "Papua Selatan"},
        {"ID-PT", "Papua Tengah"},
        {"ID-RI", "Riau"},
        {"ID-SA", "Sulawesi Utara"},
        {"ID-SB", "Sumatera Barat"},
        {"ID-SG", "Sulawesi Tenggara"},
        {"ID-SN", "Sulawesi Selatan"},
        {"ID-SR", "Sulawesi Barat"},
        {"ID-SS", "Sumatera Selatan"},
        {"ID-ST", "Sulawesi Tengah"},
        {"ID-SU", "Sumatera Utara"},
        {"ID-YO", "Yogyakarta"},
    };
    return all;
}

std::string province_name(std::string_view code) {
    const auto& all = provinces();
    auto at = std::lower_bound(all.begin(), all.end(), code,
                               [](const Province& p, std::string_view c) { return p.code < c; });
    return at != all.end() && at->code == code ? std::string(at->name) : "";
}

void add_region(std::vector<std::string>& regions, std::string_view code) {
    auto add = [&](std::string_view one) {
        if (std::find(regions.begin(), regions.end(), one) == regions.end()) regions.emplace_back(one);
    };
    auto island = std::find_if(islands().begin(), islands().end(), [&](const Island& i) { return i.code == code; });
    if (island == islands().end()) return add(code);
    for (auto province : island->provinces) add(province);
}

std::string codes_near(std::string_view code) {
    std::string out;
    for (const auto& p : provinces())
        if (code.size() >= 4 && p.code.substr(0, 4) == code.substr(0, 4))
            out += (out.empty() ? "" : ", ") + std::string(p.code) + " (" + std::string(p.name) + ")";
    return out.empty() ? "ID-JK (Jakarta)" : out;
}

}  // namespace saring::geo
