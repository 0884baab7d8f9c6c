"""The shipped never-block list against names that public block lists really had, and others of their kinds."""
import pytest

from support import orders
from support.tool import UNSAFE

HELD = {
    # platforms, with the names below them
    "google.com": "never-block", "mail.google.com": "below-never-block", "accounts.google.com": "below-never-block",
    "www.google.co.id": "below-never-block",
    "youtube.com": "never-block", "m.youtube.com": "below-never-block",
    "r3---sn-npoe7ne7.googlevideo.com": "below-never-block", "i.ytimg.com": "below-never-block",
    "facebook.com": "never-block", "web.facebook.com": "below-never-block",
    "scontent.fcgk1-1.fna.fbcdn.net": "below-never-block", "x.com": "never-block", "api.x.com": "below-never-block",
    "pbs.twimg.com": "below-never-block", "t.me": "never-block", "web.telegram.org": "below-never-block",
    "web.whatsapp.com": "below-never-block", "mmg.whatsapp.net": "below-never-block",
    "mask.icloud.com": "below-never-block", "mask-h2.icloud.com": "below-never-block",
    "gateway.icloud.com": "below-never-block", "apps.apple.com": "below-never-block",
    "login.microsoftonline.com": "below-never-block", "login.live.com": "below-never-block",
    "outlook.office365.com": "below-never-block", "www.tiktok.com": "below-never-block",
    "id.wikipedia.org": "below-never-block", "upload.wikimedia.org": "below-never-block",
    "www.instagram.com": "below-never-block", "discord.com": "never-block",
    "fonts.googleapis.com": "below-never-block", "fonts.gstatic.com": "below-never-block",
    "ajax.googleapis.com": "below-never-block", "www.recaptcha.net": "below-never-block",
    "maps.googleapis.com": "below-never-block", "tile.openstreetmap.org": "below-never-block",
    "www.waze.com": "below-never-block", "api.github.com": "below-never-block",
    "cdn.jsdelivr.net": "below-never-block", "cdnjs.cloudflare.com": "below-never-block",
    "e1234.a.akamaiedge.net": "below-never-block", "www.tokopedia.com": "below-never-block",
    # banks, payment
    "bca.co.id": "never-block", "ibank.bca.co.id": "below-never-block", "klikbca.com": "never-block",
    "ib.bankmandiri.co.id": "below-never-block", "www.bni.co.id": "below-never-block",
    "www.bankbsi.co.id": "below-never-block", "api.midtrans.com": "below-never-block",
    "www.dana.id": "below-never-block", "www.paypal.com": "below-never-block",
    # news
    "detik.com": "never-block", "news.detik.com": "below-never-block", "www.kompas.com": "below-never-block",
    "nasional.tempo.co": "below-never-block", "www.tribunnews.com": "below-never-block",
    "www.cnnindonesia.com": "below-never-block", "tirto.id": "never-block", "www.antaranews.com": "below-never-block",
    "www.bbc.com": "below-never-block", "www.thejakartapost.com": "below-never-block",
    # the state, any body
    "kpu.go.id": "never-block", "pilkada2024.kpu.go.id": "below-never-block",
    "sirekap-web.kpu.go.id": "below-never-block", "jabar.bawaslu.go.id": "below-never-block",
    "jakarta.go.id": "below-never-block", "www.kemenag.go.id": "below-never-block",
    "bappenas.go.id": "below-never-block", "tni-au.mil.id": "below-never-block",
    "sukamaju.desa.id": "below-never-block",
    "go.id": "public-suffix", "desa.id": "public-suffix",
    # services that machines need
    "dns.google": "never-block", "mozilla.cloudflare-dns.com": "below-never-block",
    "dns.quad9.net": "below-never-block", "0.id.pool.ntp.org": "below-never-block",
    "time.windows.com": "below-never-block",
    "ocsp.digicert.com": "below-never-block", "r10.o.lencr.org": "below-never-block", "o.pki.goog": "below-never-block",
    "crl.sectigo.com": "below-never-block", "ocsp.apple.com": "below-never-block",
    "dl.delivery.mp.microsoft.com": "below-never-block", "security.debian.org": "below-never-block",
    "upgrade.mikrotik.com": "below-never-block", "mesu.apple.com": "below-never-block",
    "connectivitycheck.gstatic.com": "below-never-block", "detectportal.firefox.com": "below-never-block",
    "a.root-servers.net": "below-never-block", "b.dns.id": "below-never-block",
    # hosts of user content: one name, many people
    "drive.usercontent.google.com": "shared-host", "sites.google.com": "shared-host", "docs.google.com": "shared-host",
    "forms.gle": "shared-host", "lh3.googleusercontent.com": "shared-host",
    "storage.googleapis.com": "shared-host", "firebasestorage.googleapis.com": "shared-host",
    "raw.githubusercontent.com": "shared-host", "gist.github.com": "shared-host",
    "sharepoint.com": "shared-host", "onedrive.live.com": "shared-host", "1drv.ms": "shared-host",
    "dl.dropboxusercontent.com": "shared-host", "www.mediafire.com": "shared-host",
    "bit.ly": "shared-host", "s.id": "shared-host", "www.s.id": "shared-host", "linktr.ee": "shared-host",
    "tinyurl.com": "shared-host", "lynk.id": "shared-host", "heylink.me": "shared-host",
    "pastebin.com": "shared-host", "www.scribd.com": "shared-host", "i.imgur.com": "shared-host",
    "telegra.ph": "shared-host", "medium.com": "shared-host", "wordpress.com": "shared-host",
    "s3.ap-southeast-3.amazonaws.com": "shared-host", "is3.cloudhost.id": "shared-host",
    # suffixes that the Public Suffix List knows
    "blogspot.com": "shared-suffix", "github.io": "shared-suffix", "pages.dev": "shared-suffix",
    "web.app": "shared-suffix", "s3.amazonaws.com": "shared-suffix",
    "us-east-2.elb.amazonaws.com": "shared-suffix",
}
# One person's name at such a host, one machine, or a name that only looks like one above.
FREE = [
    "hoaks.sharepoint.com", "hoaks.wordpress.com", "hoaks.medium.com", "hoaks-bucket.storage.googleapis.com",
    "hoaks.blogspot.com", "hoaks.github.io", "hoaks.web.app", "hoaks.s3.ap-southeast-3.amazonaws.com",
    "ec2-203-0-113-7.compute-1.amazonaws.com", "ec2-203-0-113-7.ap-southeast-3.compute.amazonaws.com", "notgoogle.com",
    "detik.com.hoaks.example", "kpu-go.id.hoaks.example", "bca-co.example", "hoaks.co.id", "hoaks.web.id"
]


def held_of(workspace, names, **fields):
    result = workspace.tool("order", "apply", "--json",
                            workspace.signed(targets=orders.domains(*names, match=fields.pop("match", None)), **fields))
    return {h["target"]: h["rule"] for h in result.json()[0]["held"]}


def test_each_name_is_held_by_the_rule_that_says_why_and_its_neighbours_are_not(workspace):
    assert held_of(workspace, [*HELD, *FREE]) == HELD


def test_an_exact_target_is_held_too(workspace):
    exact = {name for name, rule in HELD.items() if rule in ("never-block", "below-never-block", "shared-host")}
    assert set(held_of(workspace, sorted(exact), match="exact")) == exact


def test_a_list_holds_the_same_names(workspace):
    file = workspace.folder / "list.txt"
    file.write_text("\n".join([*HELD, *FREE]) + "\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    held = workspace.tool.do("quarantine", "list", "--json").json()["targets"]
    assert {h["target"]: h["rule"] for h in held} == HELD


def test_a_shared_host_is_reported_as_such(workspace):
    error = workspace.tool.refused(UNSAFE, "local", "block", "bit.ly", "--reason", "x").err
    assert "shared-host: bit.ly (links to anything) carries many unrelated people's content under one name" in error


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.0/24", "198.41.0.4", "2001:503:ba3e::2:30"])
def test_addresses_that_everybody_needs_are_held(workspace, address):
    result = workspace.tool("order", "apply", "--json", workspace.signed(targets=[{"address": address}]))
    assert result.json()[0]["held"][0]["rule"] == "never-block-address", result


def test_marks_of_a_never_block_file(workspace):
    file = workspace.folder / "never.txt"
    file.write_text(
        "*.below.test # below\n.all.test # all\n!open.all.test # open\n@one.test # one\n@.many.test # many\n"
        "@!host.all.test # host\n"
    )
    workspace.configure(more=f'\n[safety]\nmax_order_lifetime_days = 400000\nnever_block_files = ["{file}"]\n')
    names = [
        "below.test", "x.below.test", "all.test", "x.all.test", "open.all.test", "x.open.all.test", "one.test",
        "x.one.test", "many.test", "x.many.test", "host.all.test", "x.host.all.test"
    ]
    assert held_of(workspace, names) == {
        "below.test": "above-never-block", "x.below.test": "below-never-block", "all.test": "never-block",
        "x.all.test": "below-never-block", "open.all.test": "never-block", "one.test": "shared-host",
        "many.test": "shared-host", "x.many.test": "shared-host", "host.all.test": "shared-host"
    }
