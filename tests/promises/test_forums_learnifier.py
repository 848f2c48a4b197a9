"""Learnifier's promises about public forums, each as its check says."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import clock_missing, sweep
from skola.services.forums.models import Byline, Forum, Post, Report
from skola.services.forums.rules import mark_of
from skola.services.forums.tests import make
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, latest_mail, staff
from tests.promises.visiting import ADDRESS, Site
from tests.promises.visiting import log_in as log_in_page

pytestmark = pytest.mark.tenant("learnifier")
QUESTION, RUDE = "How do bees find their way home?", "What a silly question."
WHY = "It insults somebody."


def page_of(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def entered(tenant: Tenant, account: Account) -> Client:
    found = browser(tenant)
    found.force_login(account)
    return found


@keeps("learnifier-6.a")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_people_write_on_boards_blogs_and_in_chats_and_what_is_reported_is_moderated(
    page: Page, site: Site, tenant: Tenant, account: Account
) -> None:
    now = clock.now()
    board = make.forum(reads="everybody", at=now)
    blog = make.forum("blog", name="News", reads="everybody", at=now)
    chat = make.forum("chat", name="Coffee", at=now)
    office, other = staff(), customer("other@example.org")
    make.named(other.person, "Magpie", at=now)
    told = make.post(blog, office.person, "We moved.", title="New rooms", at=now)
    rude = make.post(board, other.person, RUDE, title="Well", at=now)
    main = page.get_by_role("main")
    log_in_page(page, site)

    page.goto(site.url("/forums/"))
    main.get_by_role("link", name="Questions").click()
    main.get_by_role("link", name="Begin a topic").click()
    expect(main).to_contain_text("Be kind.")  # the rules stand beside the box
    main.get_by_label("Title").fill("The way home")
    main.get_by_label("Text").fill(QUESTION)
    main.get_by_label("Your name here").fill("Ilze the beekeeper")
    main.get_by_role("button", name="Post").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("The way home")
    expect(main).to_contain_text(QUESTION)
    main.get_by_role("link", name="Change or delete").click()
    main.get_by_label("Text").fill(f"{QUESTION} By the sun?")
    main.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("By the sun?")
    expect(main).to_contain_text("changed")

    page.goto(site.url(f"/forums/{blog.pk}/"))
    expect(main.get_by_role("link", name="Write for the blog")).to_have_count(0)
    main.get_by_role("link", name="New rooms").click()
    main.get_by_label("Text").fill("Good luck there!")
    main.get_by_role("button", name="Post").click()
    expect(main.locator("article")).to_have_count(2)

    page.goto(site.url(f"/forums/{chat.pk}/"))
    main.get_by_label("Text").fill("Anybody here?")
    main.get_by_role("button", name="Say it").click()
    expect(main.locator("article")).to_contain_text("Anybody here?")
    make.post(chat, other.person, "I am.", at=clock.now())
    expect(main.locator("article").last).to_contain_text("I am.", timeout=9_000)  # by itself

    page.goto(site.url("/forums/mine/"))
    mine = main.locator("section", has_text=QUESTION)
    mine.get_by_role("button", name="Delete this post").click()
    page.goto(site.url(f"/forums/{board.pk}/"))
    expect(main).not_to_contain_text("The way home")

    main.get_by_role("link", name="Well").click()
    main.get_by_role("link", name="Report").click()
    main.get_by_label("It insults or threatens somebody.").check()
    main.get_by_role("button", name="Report it").click()
    expect(main).to_contain_text("You reported this.")

    page.context.clear_cookies()
    held = entered(tenant, office).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": held, "url": site.url("/")}])
    page.goto(site.url("/"))
    page.get_by_role("main").get_by_role("link", name="Decide").click()
    expect(main).to_contain_text("It insults or threatens somebody.")
    main.get_by_role("link", name="Hide it").click()
    main.get_by_label("Why it is hidden").fill(WHY)
    main.get_by_role("button", name="Hide it").click()
    expect(main).to_contain_text("No report waits.")

    visitor, author = browser(tenant), entered(tenant, other)
    there = reverse("forums:topic", args=[rude.topic])
    assert RUDE not in page_of(visitor, f"/forums/{board.pk}/")
    assert visitor.get(there).status_code == 404
    assert WHY in latest_mail("other@example.org").text
    assert WHY in page_of(author, "/forums/mine/")
    main.get_by_role("button", name="Show it again").click()
    assert RUDE in page_of(visitor, there)
    assert "shown again" in page_of_mail("other@example.org")
    assert told.is_first


def page_of_mail(address: str) -> str:
    return latest_mail(address).subject


@keeps("learnifier-6.b")
@pytest.mark.usefixtures("standing")
def test_contact_data_are_asked_about_and_a_forum_tells_no_address_of_a_member(
    tenant: Tenant,
) -> None:
    account = customer(ADDRESS)
    Person.objects.filter(pk=account.person_id).update(given_name="Zyprianna", family_name="Ek")
    who, visitor = entered(tenant, account), browser(tenant)
    board, inside = make.forum(reads="everybody"), make.forum(name="Inside")
    begin = reverse("forums:begin", args=[board.pk])

    box = page_of(who, begin)
    assert "Everybody can read what stands here" in box
    assert "can be read, collected and used by others" in box  # the policy's own words
    said = {"title": "Bees", "body": "Write to bee.keeper@example.com!", "name": "Aster"}
    asked = who.post(begin, said)
    assert asked.status_code == 422
    assert "bee.keeper@example.com. Whoever reads it can keep them" in asked.content.decode()
    assert (Post.objects.count(), Byline.objects.count()) == (0, 0)
    sure = {f"sure-{mark_of(['bee.keeper@example.com'])}": "on"}
    more = {**said, **sure, "body": f"{said['body']} Or ring +46 70 123 45 67."}
    assert who.post(begin, more).status_code == 422, "the answer was for one address alone"
    refused = who.post(begin, {**said, "body": QUESTION, "name": ADDRESS})
    assert "without an address" in refused.content.decode()
    assert Post.objects.count() == 0
    assert who.post(begin, {**said, **sure}).status_code == 302
    assert who.post(begin, {**said, "body": QUESTION}).status_code == 302

    first = Post.objects.get(body=QUESTION)
    answers = reverse("forums:answers", args=[first.topic])
    assert who.post(answers, {"body": "me@example.com"}).status_code == 422
    change = reverse("forums:edit", args=[first.pk])
    assert who.post(change, {"title": "Bees", "body": "me@example.com"}).status_code == 422
    there = reverse("forums:topic", args=[first.topic])
    for reader in (who, visitor):
        page = page_of(reader, there)
        main = page[page.index("<main") : page.index("</main>")]
        assert "Aster" in main
        for told in (ADDRESS, "Zyprianna", "Ek,"):
            assert told not in main
    for address in ("/forums/", f"/forums/{board.pk}/", there):
        assert ADDRESS not in page_of(visitor, address)

    # robots: what is for everybody may be found, and nothing else
    for address in ("/forums/", f"/forums/{board.pk}/", there):
        assert "X-Robots-Tag" not in visitor.get(address).headers, address
    closed = who.get(f"/forums/{inside.pk}/")
    assert closed["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in closed.content.decode()
    assert "Whoever has an account here can read" in closed.content.decode()
    assert visitor.get(f"/forums/{inside.pk}/").status_code == 404
    lines = page_of(visitor, "/robots.txt").splitlines()
    assert "Disallow: /forums/mine/" in lines
    assert "Disallow: /forums/" not in lines
    Forum.objects.filter(reads="everybody").delete()
    assert "Disallow: /forums/" in page_of(visitor, "/robots.txt").splitlines()
    assert visitor.get("/forums/")["X-Robots-Tag"] == "noindex"


@pytest.mark.usefixtures("standing")
def test_posts_go_with_the_account_of_their_author_and_answers_stay(tenant: Tenant) -> None:
    account, other = customer(ADDRESS), customer("other@example.org")
    board = make.forum(reads="everybody")
    for one in (account, other):
        make.named(one.person)
    first = make.post(board, account.person, QUESTION)
    make.post(board, other.person, "By the sun.", topic=first.topic)
    rude = make.post(board, other.person, RUDE, title="Well")
    make.report(rude, account.person)
    office = entered(tenant, staff())
    visitor = browser(tenant)
    told = {"account": ADDRESS, "words": "She is ten.", "email": "aunt@example.org"}
    assert visitor.post("/parents/", told).status_code == 302
    page = page_of(visitor, f"/forums/{board.pk}/")
    assert "Bees" not in page, "a reported child's posts are hidden at once"
    assert "A topic without its beginning" in page
    reports = page_of(office, "/forums/desk/")
    assert RUDE not in reports, "a report by who is restricted waits with them"
    clock_missing(now=AT)
    sweep(now=AT + timedelta(days=8))

    with clock.standing_at(AT + timedelta(days=8)):
        assert "By the sun." in page_of(visitor, reverse("forums:topic", args=[first.topic]))
    assert Post.objects.filter(pk=first.pk).exists() is False


@pytest.mark.usefixtures("standing")
def test_whoever_writes_too_much_is_asked_to_wait_and_nobody_takes_anothers_name(
    tenant: Tenant,
) -> None:
    account, other = customer(ADDRESS), people.account()
    who = entered(tenant, account)
    make.named(other.person, "Magpie")
    chat = make.forum("chat", reads="signed-in")
    lines = reverse("forums:lines", args=[chat.pk])
    assert who.post(lines, {"body": "Hi", "name": "mAGPIE"}).status_code == 422
    assert who.post(lines, {"body": "Hi", "name": "Aster"}).status_code == 302
    assert who.post(lines, {"body": "Hi"}).status_code == 302, "pressed twice"
    assert Post.objects.count() == 1
    given = [who.post(lines, {"body": f"Line {number}"}).status_code for number in range(14)]
    assert given == [302] * 12 + [422] * 2
    assert Byline.objects.get(person=account.person).name == "Aster"
    room = f"/forums/{chat.pk}/"
    again = re.search(rf'hx-get="({room}\?seen=\w+)"', page_of(who, room))
    assert again
    assert who.get(again[1]).status_code == 204, "what is seen is not drawn again"
    Post.objects.latest("written_at").delete()
    assert who.get(again[1]).status_code == 200


@pytest.mark.usefixtures("standing")
def test_who_moderates_decides_with_a_reason_and_never_on_their_own_post(tenant: Tenant) -> None:
    office, other = staff(), customer("other@example.org")
    board = make.forum()
    own, rude = make.post(board, office.person), make.post(board, other.person, RUDE, title="Well")
    moderator, member = entered(tenant, office), entered(tenant, other)
    hidings = reverse("forums:hidings", args=[rude.pk])
    assert member.post(hidings, {"because": WHY}).status_code == 404
    assert moderator.post(hidings, {"because": ""}).status_code == 422
    for act in ("hidings", "decisions", "restorations"):
        address = reverse(f"forums:{act}", args=[own.pk])
        assert moderator.post(address, {"because": WHY}).status_code == 404
    assert member.post(reverse("forums:reports", args=[own.pk]), {"reason": "advert"})
    assert RUDE not in page_of(moderator, "/forums/desk/")
    make.report(rude, office.person)
    assert moderator.post(reverse("forums:decisions", args=[rude.pk])).status_code == 302
    left = Report.objects.get(post=rude)
    assert (left.outcome, Post.objects.get(pk=rude.pk).hidden_at) == ("left", None)
    assert moderator.post(hidings, {"because": WHY}).status_code == 302
    assert member.get(reverse("forums:edit", args=[rude.pk])).status_code == 404
    kinds = Entry.objects.filter(kind__startswith="forums.post.").values_list("kind", flat=True)
    assert set(kinds) == {
        f"forums.post.{done}" for done in ("written", "reported", "left", "hidden")
    }
    widen = reverse("forums:change", args=[board.pk])
    told = {"name": "Questions", "about": "", "rules": "Be kind.", "reads": "everybody"}
    assert moderator.post(widen, told).status_code == 422, "written for fewer"
    assert moderator.post(widen, {**told, "reads": "signed-in", "name": "Q"}).status_code == 302
    assert member.get(widen).status_code == 404
    assert moderator.post(reverse("forums:closings", args=[board.pk])).status_code == 302
    assert member.get(reverse("forums:begin", args=[board.pk])).status_code == 404
