"""A browser without a window: it follows redirects, and submits the form of a page as its script would.

    browser.py URL              goes where the page leads, to the application's own listener
    browser.py --show URL       prints how the application would get what: {"mode": …, "parameters": {…}}

SSL_CERT_FILE names the authority that it trusts.
"""

import json
import sys
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener


class Page(HTMLParser):
    """The form of a page: where it goes, and what its fields hold."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input":
            self.fields[attributes["name"]] = attributes["value"]


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def open_page(url, data=None):
    """Status, headers and text."""
    try:
        with build_opener(NoRedirect).open(Request(url, data)) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers, error.read().decode()


def sent_back(url):
    """Where the sign-in page sends the browser: mode, address and parameters."""
    status, headers, text = open_page(url)
    if status == 302:
        target = urlsplit(headers["Location"])
        mode = "fragment" if target.fragment else "query"
        return mode, headers["Location"], dict(parse_qsl(target.fragment or target.query))
    page = Page(text)
    if status != 200 or not page.action:
        raise ValueError(f"{status}: {text}")
    return "form_post", page.action, page.fields


def deliver(url):
    mode, target, parameters = sent_back(url)
    return open_page(target, urlencode(parameters).encode() if mode == "form_post" else None)


if __name__ == "__main__":
    if sys.argv[1] == "--show":
        mode, _, parameters = sent_back(sys.argv[2])
        print(json.dumps({"mode": mode, "parameters": parameters}))
    else:
        deliver(sys.argv[1])
