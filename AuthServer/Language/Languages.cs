using System.Globalization;

namespace AuthServer.Language;

/// <summary>The languages that we speak: English, and each one whose translations were built with the server.</summary>
internal static class Languages
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>English first.</summary>
    public static IReadOnlyList<CultureInfo> All { get; } = [English, .. Built()];

    /// <summary>The language of the moment, as BCP 47 names it.</summary>
    public static string Current =>
        CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : English.Name;

    /// <summary>Whether we speak the language of this very name.</summary>
    public static bool IsSpoken(string? name) => All.Any(language => language.Name == name);

    /// <summary>Speaks another language until it is disposed of; the language of the moment when there is no such one.</summary>
    public static IDisposable Speak(string? name)
    {
        var before = CultureInfo.CurrentUICulture;
        if (IsSpoken(name))
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name!);
        }

        return new Spoken(before);
    }

    // The compiler puts each language into a folder of its name, beside the server.
    private static IEnumerable<CultureInfo> Built()
    {
        var assembly = typeof(Languages).Assembly;
        return Directory
            .EnumerateDirectories(AppContext.BaseDirectory)
            .Where(folder => File.Exists(Path.Combine(folder, $"{assembly.GetName().Name}.resources.dll")))
            .Select(folder => CultureInfo.GetCultureInfo(Path.GetFileName(folder)))
            .OrderBy(language => language.Name, StringComparer.Ordinal);
    }

    private sealed class Spoken(CultureInfo before) : IDisposable
    {
        public void Dispose() => CultureInfo.CurrentUICulture = before;
    }
}
