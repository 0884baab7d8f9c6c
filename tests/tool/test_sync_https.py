"""`sync` over TLS from a real nginx."""
import subprocess

from support import paths
from support.namespace import own_mounts
from support.served import follow, refused, synced_from_disk
from support.tool import DONE, NETWORK, UNTRUSTED, USAGE
from support.webserver import Authority


def test_orders_come_over_tls(feed, nginx_of):
    feed.publish_orders(*[f"B-{n}" for n in range(20)])
    nginx_of()
    assert feed.sync().code == DONE
    assert feed.active() == {f"B-{n}" for n in range(20)}


def test_an_unchanged_feed_costs_one_small_request(feed, nginx_of):
    feed.publish_orders("B-1")
    nginx = nginx_of()
    assert feed.sync().code == DONE
    nginx.forget_requests()
    assert feed.sync().code == DONE
    assert nginx.requests() == ["GET /feed.json 304"]


def test_a_few_files_come_on_one_connection(feed, nginx_of, new_folder):
    log = new_folder("log") / "connections"
    nginx_of(options="log_format connection $connection;", locations=f"access_log {log} connection;")
    feed.publish_orders("B-1")
    assert feed.sync().code == DONE
    assert len(made := log.read_text().split()) == 4 and len(set(made)) == 1, made


def test_only_new_orders_are_fetched(feed, nginx_of):
    feed.publish_orders("B-1", "B-2")
    nginx = nginx_of()
    assert feed.sync().code == DONE
    nginx.forget_requests()
    feed.publish_orders("B-3")
    assert feed.sync().code == DONE
    new = feed.read()["orders"][2]
    asked = {request.split()[1] for request in nginx.requests()}
    assert {path for path in asked
            if path.startswith("/orders/")} == {"/" + new["path"], "/" + new["signatures"][0]["path"]}


def test_an_order_that_was_refused_is_tried_again_though_the_feed_is_unchanged(feed, nginx_of):
    feed.publish_orders("B-1", "B-2")
    nginx_of()
    path = feed.directory / feed.read()["orders"][0]["path"]
    hidden = path.rename(path.with_suffix(".hidden"))
    assert feed.sync().code == NETWORK and feed.active() == {"B-2"}
    hidden.rename(path)
    assert feed.sync().code == DONE and feed.active() == {"B-1", "B-2"}


def test_verify_works_over_tls(feed, nginx_of, ca):
    feed.publish_orders("B-1")
    nginx = nginx_of()
    found = feed.workspace.tool.do("feed", "verify", nginx.url, "--ca-file", ca.certificate, "--json").json()
    assert found["good"] and [order["id"] for order in found["orders"]] == ["B-1"]


def test_the_address_may_name_the_manifest(feed, nginx_of, ca):
    feed.publish_orders("B-1")
    nginx = nginx_of()
    follow(feed, nginx.url + "feed.json", ca)
    assert feed.sync().code == DONE


def test_plain_http_to_loopback_when_it_is_allowed(feed, nginx_of, ca):
    feed.publish_orders("B-1")
    nginx = nginx_of()
    follow(feed, nginx.plain_url, ca)
    assert "insecure_http" in feed.workspace.tool.refused(USAGE, "sync").err
    follow(feed, nginx.plain_url, ca, insecure_http=True)
    assert feed.sync().code == DONE


def test_html_instead_of_a_manifest(feed, nginx_of):
    synced_from_disk(feed)
    feed.manifest.write_text("<!DOCTYPE html><html>Please log in</html>")
    nginx_of()
    refused(feed, NETWORK, "is a web page, not a manifest")


def test_an_empty_body(feed, nginx_of):
    synced_from_disk(feed)
    feed.manifest.write_bytes(b"")
    nginx_of()
    refused(feed, NETWORK, "is empty")


def test_no_manifest(feed, nginx_of):
    synced_from_disk(feed)
    feed.manifest.unlink()
    nginx = nginx_of()
    refused(feed, NETWORK, "is not there")
    assert nginx.requests() == ["GET /feed.json 404"]


def test_forbidden_is_not_tried_again(feed, nginx_of, ca):
    synced_from_disk(feed)
    nginx = nginx_of(locations="location = /feed.json { return 403; }")
    follow(feed, nginx.url, ca, retries=4)
    refused(feed, NETWORK, "status 403")
    assert len(nginx.requests()) == 1


def test_a_server_error_that_stays(feed, nginx_of, ca):
    synced_from_disk(feed)
    nginx = nginx_of(locations="location = /feed.json { return 503; }")
    follow(feed, nginx.url, ca, retries=2)
    assert "3 attempts" in refused(feed, NETWORK, "status 503").err
    assert nginx.requests() == ["GET /feed.json 503"] * 3


def test_a_certificate_of_another_authority(feed, nginx_of, new_folder):
    synced_from_disk(feed)
    nginx_of(authority=Authority(new_folder("other-ca"), "Other CA"))
    refused(feed, UNTRUSTED, "certificate is not trusted")


def test_a_certificate_for_another_host(feed, nginx_of):
    synced_from_disk(feed)
    nginx_of(names="DNS:other.example")
    refused(feed, UNTRUSTED, "certificate is not trusted")


def test_the_system_s_authorities_do_not_know_the_test_s(feed, nginx_of):
    synced_from_disk(feed)
    nginx = nginx_of()
    feed.follow(nginx.url)
    refused(feed, UNTRUSTED, "certificate is not trusted")


def test_without_certificate_authorities_the_error_names_the_package(feed, nginx_of):
    synced_from_disk(feed)
    nginx = nginx_of()
    feed.follow(nginx.url)
    nothing = feed.workspace.folder / "nothing"
    nothing.mkdir()
    done = subprocess.run([
        *own_mounts(), "sh", "-c", 'mount --bind "$0" /etc/ssl/certs && exec "$@"', nothing, paths.TOOL, "--config",
        feed.workspace.config, "sync"
    ], capture_output=True, text=True, check=False)
    assert (
        done.returncode == USAGE and nginx.url in done.stderr and "install the package ca-certificates" in done.stderr
    ), done


def test_a_ca_file_that_is_none(feed, nginx_of, ca):
    synced_from_disk(feed)
    nginx = nginx_of()
    follow(feed, nginx.url, ca, ca_file=str(feed.workspace.config))
    refused(feed, USAGE, "saring.toml")


def test_redirections_to_https_are_followed_three_times(feed, nginx_of, ca):
    feed.publish_orders("B-1")
    hops = "".join(
        f"rewrite ^/{n}/(.*)$ https://localhost:$server_port/{n - 1 or ''}/$1 redirect;\n" for n in range(1, 6)
    )
    nginx = nginx_of(locations=hops + "merge_slashes on;")
    follow(feed, nginx.url + "3/", ca)
    assert feed.sync().code == DONE
    follow(feed, nginx.url + "4/", ca)
    refused(feed, NETWORK, "redirected more than 3 times")


def test_a_redirection_to_plain_http_is_refused(feed, nginx_of):
    synced_from_disk(feed)
    nginx = nginx_of(locations="location = /feed.json { return 302 http://127.0.0.1:1/feed.json; }")
    refused(feed, NETWORK, "not https")
    assert len(nginx.requests()) == 1


def test_nothing_listens(feed, nginx_of, ca):
    synced_from_disk(feed)
    nginx = nginx_of()
    nginx.stop()
    follow(feed, nginx.url, ca, retries=1)
    assert "2 attempts" in refused(feed, NETWORK, nginx.url).err


def test_a_server_that_comes_back_is_followed_again(feed, nginx_of, ca):
    feed.publish_orders("B-1")
    nginx = nginx_of()
    assert feed.sync().code == DONE
    nginx.stop()
    follow(feed, nginx.url, ca)
    assert feed.sync().code == NETWORK and feed.active() == {"B-1"}
    feed.publish_orders("B-2")
    nginx.start()
    assert feed.sync().code == DONE and feed.active() == {"B-1", "B-2"}
