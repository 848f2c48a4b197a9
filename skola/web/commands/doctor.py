"""Say what is missing or unsafe here, and what to do. Exit code 1 if anything is."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data, gate=False)
    import json

    from skola.web.doctor import examine

    findings = examine()
    if options.json:
        print(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{'ok   ' if finding.ok else 'OPEN '} {finding.measure}")
            if not finding.ok:
                print(f"      {finding.remedy}")
    return 0 if all(finding.ok for finding in findings) else 1
