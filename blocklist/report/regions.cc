#include "report/regions.h"

#include <algorithm>

namespace saring {

const std::vector<Province>& provinces() {
    static const std::vector<Province> all{
        {"ID-AC", "Aceh"}, {"ID-BA", "Bali"}, {"ID-BB", "Kepulauan Bangka Belitung"}, {"ID-BE", "Bengkulu"}, {"ID-BT", "Banten"},
        {"ID-GO", "Gorontalo"}, {"ID-JA", "Jambi"}, {"ID-JB", "Jawa Barat"}, {"ID-JI", "Jawa Timur"}, {"ID-JK", "Jakarta"},
        {"ID-JT", "Jawa Tengah"}, {"ID-KB", "Kalimantan Barat"}, {"ID-KI", "Kalimantan Timur"}, {"ID-KR", "Kepulauan Riau"},
        {"ID-KS", "Kalimantan Selatan"}, {"ID-KT", "Kalimantan Tengah"}, {"ID-KU", "Kalimantan Utara"}, {"ID-LA", "Lampung"},
        {"ID-MA", "Maluku"}, {"ID-MU", "Maluku Utara"}, {"ID-NB", "Nusa Tenggara Barat"}, {"ID-NT", "Nusa Tenggara Timur"},
        {"ID-PA", "Papua"}, {"ID-PB", "Papua Barat"}, {"ID-PD", "Papua Barat Daya"}, {"ID-PE", "Papua Pegunungan"},
        {"ID-PS", "Papua Selatan"}, {"ID-PT", "Papua Tengah"}, {"ID-RI", "Riau"}, {"ID-SA", "Sulawesi Utara"},
        {"ID-SB", "Sumatera Barat"}, {"ID-SG", "Sulawesi Tenggara"}, {"ID-SN", "Sulawesi Selatan"}, {"ID-SR", "Sulawesi Barat"},
        {"ID-SS", "Sumatera Selatan"}, {"ID-ST", "Sulawesi Tengah"}, {"ID-SU", "Sumatera Utara"}, {"ID-YO", "Yogyakarta"},
    };
    return all;
}

std::string province_name(std::string_view code) {
    const auto& all = provinces();
    auto at = std::lower_bound(all.begin(), all.end(), code, [](const Province& p, std::string_view c) { return p.code < c; });
    return at != all.end() && at->code == code ? std::string(at->name) : "";
}

}  // namespace saring
