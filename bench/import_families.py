"""How long a spreadsheet of many families takes to come in, and the memory it needs."""

import argparse
import csv
import resource
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.place import council, machine
from portal import bringing_in
from portal.core.db import db
from portal.domain.roles import Role
from portal.models.families import Family, Person
from portal.models.people import User, UserRole
from portal.policies.scope import unscoped

HEAD = (
    "Reference", "Given name", "Surname", "Child or adult", "Date of birth", "Relationship",
    "Parental responsibility", "Address", "Postcode", "In early help since", "Next review",
)  # fmt: skip
SURNAMES = ("O’Neill", "Nowak", "Begum", "Smith", "Adeyemi", "Roberts", "Kaur", "D’Arcy-Ray")
MEBIBYTE = 1024


def write_sheet(path: Path, families: int) -> int:
    """One parent and two children a family; how many people there are."""
    today = date.today()  # noqa: DTZ011  (any day that is not in the future)
    since, review = today - timedelta(days=60), today + timedelta(days=30)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEAD)
        for number in range(families):
            surname = SURNAMES[number % len(SURNAMES)]
            home = (f"{number} Mill Lane", "AF1 1AA", since, review)
            sheet.writerow((f"B-{number}", "Siobhán", surname, "adult", "1990-05-04", "mother", "yes", *home))
            for child in (1, 2):
                born = date(2012, 1, 1) + timedelta(days=number % 3000 + child)
                sheet.writerow((f"B-{number}", f"Child{child}", surname, "child", born, "", "", *home))
    return families * 3


def peak() -> int:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=5000)
    families = parser.parse_args().families
    with council(families=0) as (app, folder), app.app_context():
        with unscoped("a measurement looks for somebody who takes a file in"):
            email = db.session.scalars(
                select(User.email).join(UserRole).where(UserRole.role == Role.COORDINATOR).order_by(User.id).limit(1)
            ).one()
        people = write_sheet(folder / "families.csv", families)
        before = peak()
        print(f"{machine()}; SQLite; {families:,} families, {people:,} people")
        for name in ("taken in", "the same file again"):
            began, worked = time.perf_counter(), time.process_time()
            bringing_in.run(folder / "families.csv", email, write=True, say=lambda _: None)
            took, cpu = time.perf_counter() - began, time.process_time() - worked
            print(f"{name}: {took:.1f} s, {cpu:.1f} s of them computing, {families / cpu:,.0f} families a second of it")
            print(f"  memory at most {peak()} MiB, {peak() - before} more than before")
        with unscoped("a measurement counts what is there"):
            counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Family, Person)]
        print(f"There are now {counts[0]:,} families with {counts[1]:,} people.")


if __name__ == "__main__":
    main()
