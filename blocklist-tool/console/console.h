// The console: from a request to a page, a file or figures. Nothing of it writes to the ledger, the image or the hit
// log.
#pragma once

#include <memory>

#include "console/guard.h"
#include "console/http.h"
#include "console/live.h"
#include "console/page_context.h"
#include "doctor/diagnoses.h"

namespace saring::tool::console {

class Console {
public:
    // Throws Error(usage).
    Console(Session& session, const ListenAddress& listens, Live& live, const QualityRecorder& quality);
    ~Console();

    // Both on one thread. Do not throw.
    Response answer(const Request& request);
    // Counts hits for the overview ahead until `is_over`. Returns the seconds until it has work again.
    std::chrono::seconds prepare(const std::function<bool()>& is_over);

private:
    Response made(const Request& request);
    PageContext visit(const Request& request, const Reader& reader, std::function<bool()> is_over);
    Response page(const PageContext& visit, Page (*make)(const PageContext&));
    Response failure(const Request& request, const Reader& reader, const Error& error, int status);
    Response events(const PageContext& visit);
    Response exported(const PageContext& visit, bool csv);
    Page health_page(const PageContext& visit);
    const Diagnoses& diagnoses(const PageContext& visit);
    void log(const Request& request, const Response& response);

    Session& session_;
    AccessGuard guard_;
    Live& live_;
    const QualityRecorder& quality_;
    RecentCounts lately_;
    std::shared_ptr<hits::HitLog> log_;
    const std::unique_ptr<HitsLook> fleet_;  // null: hits are those of this host
    std::unique_ptr<Diagnoses> diagnoses_;
    UnixTime diagnosed_ = 0;
    int access_log_ = -1;
};

}  // namespace saring::tool::console
