using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>What a test of the authorization endpoint looks for in an answer.</summary>
internal static class Pages
{
    /// <summary>Our own page with status 400, which leads nowhere.</summary>
    public static void AssertRefusedHere(Page page)
    {
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
        Assert.Contains("<dt>Reference</dt>", page.Html, StringComparison.Ordinal);
        Assert.Empty(page.ReadForms());
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An error that was taken to the client, with everything that must come with it.</summary>
    public static void AssertRefusedAt(
        RelyingParty client,
        Page page,
        string error,
        string? state = "the-state"
    )
    {
        var told = page.Callback(client);
        Assert.Equal(error, told["error"]);
        Assert.Equal(state, told.GetValueOrDefault("state"));
        Assert.Equal(client.Server.Address.ToString(), told["iss"]);
        Assert.DoesNotContain("code", told.Keys);
    }

    /// <summary>What stands in the fragment of the client's redirect URI.</summary>
    public static Dictionary<string, string> FragmentAt(RelyingParty client, Page page)
    {
        var location = page.Location?.ToString() ?? $"no redirect but {page.Status}: {page.Html}";
        Assert.StartsWith(client.RedirectUri + "#", location, StringComparison.Ordinal);
        return QueryHelpers
            .ParseQuery(location[(client.RedirectUri.Length + 1)..])
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
    }

    /// <summary>What the page would post to the client (<c>response_mode=form_post</c>).</summary>
    public static Dictionary<string, string> PostTo(RelyingParty client, Page page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var form = Assert.Single(page.ReadForms());
        Assert.Equal(client.RedirectUri, form.Action.ToString());
        return form
            .Controls.Where(control => control.Name is not null)
            .ToDictionary(control => control.Name!, control => control.Value);
    }

    /// <summary>Follows redirects as long as they stay here.</summary>
    public static async Task<Page> FollowHereAsync(this Browser browser, Page page, Server server)
    {
        while (page.Location is { } location && server.Address.IsBaseOf(location))
        {
            page = await browser.FollowAsync(page);
        }

        return page;
    }

    /// <summary>Whether the page asks for the e-mail and the password.</summary>
    public static bool IsSignIn(this Page page) =>
        page.Location?.AbsolutePath == "/account/login"
        || page.Html.Contains("<h1>Sign in</h1>", StringComparison.Ordinal);

    /// <summary>Whether the page is, or leads to, the one that asks for consent.</summary>
    public static bool IsConsent(this Page page) =>
        page.Location?.AbsolutePath == "/connect/consent" || page.Url.AbsolutePath == "/connect/consent";

    /// <summary>The address to which the sign-in page, to which this redirect leads, will send the browser back.</summary>
    public static string ReturnUrlOf(Page login) =>
        QueryHelpers.ParseQuery(login.Location!.Query)["returnUrl"].ToString();

    /// <summary>A browser in which somebody has signed in who was never here before.</summary>
    public static async Task<Browser> NewBrowserAsync(this Server server) =>
        await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));

    /// <summary>Brings the browser to the consent page.</summary>
    public static async Task<Page> AskAsync(
        this Browser browser,
        RelyingParty client,
        params (string Name, string? Value)[] changes
    )
    {
        var page = await browser.FollowAsync(await browser.GetAsync(client.AuthorizeUrl(changes)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.True(page.IsConsent());
        return page;
    }

    /// <summary>Allows on the consent page; gives the answer to the client.</summary>
    public static async Task<Page> AllowAsync(this Browser browser, Page page) =>
        await browser.FollowAsync(await browser.PressAsync(page, "Allow"));
}
