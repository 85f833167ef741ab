using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using AuthServer.Language;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Language;

/// <summary>That every language says everything, and nothing else.</summary>
public class WordsTests
{
    private static readonly Regex Said = new(
        @"\bSay(?:Html)?\(\s*""(?<english>(?:\\.|[^""\\])*)""",
        RegexOptions.NonBacktracking
    );

    // The colon at the end, too: a link follows it in a letter.
    private static readonly Regex Place = new(@"\{\d[^}]*\}|</?\w+>|:$", RegexOptions.NonBacktracking);

    public static TheoryData<string> Translated =>
        [.. Languages.All.Skip(1).Select(language => language.Name)];

    [Fact]
    public void English_comes_first_and_German_is_among_the_others()
    {
        Assert.Equal("en", Languages.All[0].Name);
        Assert.Contains("de", Languages.All.Skip(1).Select(language => language.Name));
    }

    [Theory]
    [MemberData(nameof(Translated))]
    public void A_language_translates_what_is_said_and_nothing_else(string language)
    {
        var said = Sources().SelectMany(source => Said.Matches(source)).Select(EnglishOf);

        var translated = Translations(language).Keys;

        Assert.Equal(said.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), translated);
    }

    [Theory]
    [MemberData(nameof(Translated))]
    public void A_translation_has_the_places_and_the_markup_of_its_original(string language)
    {
        var different = Translations(language)
            .Where(pair => !PlacesIn(pair.Key).SequenceEqual(PlacesIn(pair.Value)));

        Assert.Empty(different.Select(pair => pair.Key));
    }

    [Fact]
    public void No_page_says_a_sentence_that_cannot_be_translated()
    {
        var quoted = new Regex(@"""(?:\\.|[^""\\])*""", RegexOptions.NonBacktracking);
        var loose = new Regex(@">[^<>@{}=;]*\p{L}{2}[^<>@{}=;]*<", RegexOptions.NonBacktracking);

        var found = Pages()
            .Select(page => quoted.Replace(page, ""))
            .SelectMany(page => loose.Matches(page).Select(match => match.Value.Trim()))
            .Where(text => text != ">AuthServer<");

        Assert.Empty(found);
    }

    // A format may differ ("{0:d MMMM}"), its number may not; the order may.
    private static IEnumerable<string> PlacesIn(string text) =>
        Place
            .Matches(text)
            .Select(place => place.Value == ":" ? ":" : place.Value.Split(':')[0].TrimEnd('}'))
            .Order(StringComparer.Ordinal);

    private static string EnglishOf(Match match) =>
        match.Groups["english"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);

    private static IEnumerable<string> Sources() => Read("*.cs").Concat(Pages());

    private static IEnumerable<string> Pages() => Read("*.cshtml");

    private static IEnumerable<string> Read(string pattern) =>
        Repository.ServerSources(pattern).Select(file => File.ReadAllText(file.FullName));

    private static SortedDictionary<string, string> Translations(string language)
    {
        var resources = new ResourceManager(typeof(Words)).GetResourceSet(
            CultureInfo.GetCultureInfo(language),
            createIfNotExists: true,
            tryParents: false
        );
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in resources!)
        {
            all.Add((string)entry.Key, (string)entry.Value!);
        }

        return all;
    }
}
