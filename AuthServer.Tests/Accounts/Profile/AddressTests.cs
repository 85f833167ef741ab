using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Profile;

public class AddressTests(Server server) : IClassFixture<Server>
{
    private const string Subject = "Confirm your new address";

    private readonly Inbox _inbox = new(server);

    [Fact]
    [Trait("Requirement", "C-65")]
    public async Task The_address_changes_when_the_new_mailbox_and_the_person_agree_and_both_are_told()
    {
        var old = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(old);
        await browser.AskForAddressAsync("ada-new@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("ada-new@example.org", Subject));

        var done = await browser.PressAsync(await browser.GetAsync(link), "Use this address");

        Assert.Equal("/account", done.Location!.AbsolutePath);
        await _inbox.ReceiveAsync(old, "Your address is about to change");
        await _inbox.ReceiveAsync(old, "Your address was changed");
        await _inbox.ReceiveAsync("ada-new@example.org", "Your address was changed");
        using var other = new Browser(server);
        await other.SignInAsync(old);
        Assert.False(await other.IsSignedInAsync());
        await other.SignInAsync("ada-new@example.org");
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task Until_then_nothing_has_changed()
    {
        var old = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(old);
        await browser.AskForAddressAsync("not-yet@example.org");
        await browser.GetAsync(Inbox.LinkIn(await _inbox.ReceiveAsync("not-yet@example.org", Subject)));

        using var other = await server.SignedInAsync(old);

        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task Whoever_reads_a_mistyped_mailbox_gets_nothing()
    {
        var old = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(old);
        await browser.AskForAddressAsync("mistyped@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("mistyped@example.org", Subject));
        using var stranger = await server.SignedInAsync(await server.NewPersonAsync("Some Stranger"));
        using var nobody = new Browser(server);

        var asStranger = await stranger.GetAsync(link);
        var asNobody = await nobody.GetAsync(link);

        Assert.Contains("belongs to another account", asStranger.Html, StringComparison.Ordinal);
        Assert.Equal("/account/login", asNobody.Location!.AbsolutePath);
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task An_address_that_somebody_has_gets_the_same_answer_and_its_owner_a_letter()
    {
        var owner = await server.NewPersonAsync("Owner Lovelace");
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));

        var taken = await browser.AskForAddressAsync(owner.ToUpperInvariant());
        var free = await browser.AskForAddressAsync("free@example.org");

        Assert.Equal(
            free.Html,
            taken.Html.Replace(owner.ToUpperInvariant(), "free@example.org", StringComparison.Ordinal)
        );
        var letter = await _inbox.ReceiveAsync(owner.ToUpperInvariant(), "Someone tried to use your address");
        Assert.DoesNotContain("token", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_accounts_that_confirm_one_address_at_once_one_gets_it()
    {
        Browser[] browsers =
        [
            await server.SignedInAsync(await server.NewPersonAsync("First Lovelace")),
            await server.SignedInAsync(await server.NewPersonAsync("Second Lovelace")),
        ];
        foreach (var browser in browsers)
        {
            await browser.AskForAddressAsync("wanted@example.org");
        }

        var letters = await _inbox.ReceiveAsync("wanted@example.org", Subject, count: 2);
        var forms = await Task.WhenAll(
            browsers.Select((browser, i) => browser.GetAsync(Inbox.LinkIn(letters[i])))
        );
        var answers = await Task.WhenAll(
            browsers.Select((browser, i) => browser.PressAsync(forms[i], "Use this address"))
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Redirect);
        Assert.Single(answers, answer => answer.Html.Contains("no longer valid", StringComparison.Ordinal));
        Assert.All(browsers, browser => browser.Dispose());
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task A_password_change_stops_a_change_of_address()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        await browser.AskForAddressAsync("thiefs@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("thiefs@example.org", Subject));

        await browser.ChangePasswordAsync("Another-Horse-8-Battery");

        Assert.Contains("no longer valid", (await browser.GetAsync(link)).Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task The_address_in_the_link_cannot_be_exchanged()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        await browser.AskForAddressAsync("asked@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("asked@example.org", Subject));

        var page = await browser.GetAsync(link.Replace("asked", "other", StringComparison.Ordinal));

        Assert.Contains("no longer valid", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("two@@example.org")]
    public async Task What_is_no_address_is_told(string email)
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));

        var page = await browser.AskForAddressAsync(email);

        Assert.Contains("Enter an e-mail address such as", page.Html, StringComparison.Ordinal);
    }
}
