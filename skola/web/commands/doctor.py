"""Say what is missing or unsafe here, and what to do. Exit code 1 if anything is."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--scan",
        action="store_true",
        help="visit the addresses of the tenants too: TLS, redirect from http, HSTS",
    )
    parser.add_argument("--https-port", type=int, default=443, metavar="P")
    parser.add_argument("--http-port", type=int, default=80, metavar="P")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, gate=False)
    import json

    from skola.web.doctor import examine, visit
    from skola.web.scanning import Ports

    findings = examine()
    if options.scan:
        findings += visit(Ports(options.https_port, options.http_port))
    if options.json:
        print(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{'ok   ' if finding.ok else 'OPEN '} {finding.measure}")
            if not finding.ok:
                print(f"      {finding.remedy}")
    return 0 if all(finding.ok for finding in findings) else 1
