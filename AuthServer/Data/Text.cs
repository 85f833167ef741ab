namespace AuthServer.Data;

/// <summary>Text that is kept.</summary>
internal static class Text
{
    /// <summary>At most so many characters from the beginning, and no half of a surrogate pair.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
