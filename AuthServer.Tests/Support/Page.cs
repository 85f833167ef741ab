using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace AuthServer.Tests.Support;

/// <summary>What the server answered to a browser.</summary>
public sealed record Page(Uri Url, HttpStatusCode Status, string Html, HttpResponseHeaders Headers)
{
    private static readonly Regex Forms = new(
        "<form(?<attributes>[^>]*)>(?<content>.*?)</form>",
        RegexOptions.Singleline | RegexOptions.NonBacktracking
    );

    private static readonly Regex Controls = new(
        "<(?<kind>input|button)(?<attributes>[^>]*)>(?<label>[^<]*)",
        RegexOptions.Singleline | RegexOptions.NonBacktracking
    );

    private static readonly Regex Links = new(
        "<a [^>]*href=\"(?<href>[^\"]*)\"",
        RegexOptions.NonBacktracking
    );

    /// <summary>Where a redirect leads, absolute; null when this is none.</summary>
    public Uri? Location => Headers.Location is { } location ? new Uri(Url, location) : null;

    /// <summary>The forms of the page with what is filled in already, hidden fields among it.</summary>
    public IReadOnlyList<Form> ReadForms() =>
        [
            .. Forms
                .Matches(Html)
                .Select(form => new Form(
                    new Uri(Url, Attribute(form.Groups["attributes"].Value, "action") ?? Url.PathAndQuery),
                    ReadControls(form.Groups["content"].Value)
                )),
        ];

    /// <summary>Where the first link of the page leads whose address contains <paramref name="path"/>.</summary>
    public string LinkTo(string path) =>
        Links
            .Matches(Html)
            .Select(link => WebUtility.HtmlDecode(link.Groups["href"].Value))
            .First(href => href.Contains(path, StringComparison.Ordinal));

    private static IReadOnlyList<Control> ReadControls(string html) =>
        [
            .. Controls
                .Matches(html)
                .Select(control => new Control(
                    control.Groups["kind"].Value,
                    Attribute(control.Groups["attributes"].Value, "name"),
                    Attribute(control.Groups["attributes"].Value, "value") ?? "",
                    WebUtility.HtmlDecode(control.Groups["label"].Value.Trim())
                )),
        ];

    private static string? Attribute(string attributes, string name)
    {
        var match = Regex.Match(attributes, $"\\s{name}=\"([^\"]*)\"", RegexOptions.NonBacktracking);
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;
    }

    /// <summary>A form of a page.</summary>
    public sealed record Form(Uri Action, IReadOnlyList<Control> Controls);

    /// <summary>An input or a button.</summary>
    public sealed record Control(string Kind, string? Name, string Value, string Label);
}
