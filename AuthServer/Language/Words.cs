using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Html;

namespace AuthServer.Language;

/// <summary>
/// What people read, in the language of the moment (<see cref="CultureInfo.CurrentUICulture"/>). English stands where
/// it is said; every other language is one file, <c>Words.{language}.resx</c>, that says the same in its own words.
/// </summary>
internal static class Words
{
    private static readonly ResourceManager Translations = new(typeof(Words));

    private static CultureInfo Language => CultureInfo.GetCultureInfo(Languages.Current);

    /// <summary>The sentence; in English where its translation is missing.</summary>
    public static string Say(string english) =>
        Translations.GetString(english, CultureInfo.CurrentUICulture) ?? english;

    /// <summary>The sentence with <paramref name="values"/> in the places that it names.</summary>
    public static string Say(string english, params object[] values) =>
        string.Format(Language, Say(english), values);

    /// <summary>A sentence with markup of ours in it; <paramref name="values"/> are encoded.</summary>
    public static IHtmlContent SayHtml(string english, params object[] values) =>
        new HtmlFormattableString(Language, Say(english), values);

    /// <summary>A day and a time as people write them, in UTC.</summary>
    public static string SayTime(DateTime time) => Say("{0:d MMMM yyyy, HH:mm} UTC", time);
}
