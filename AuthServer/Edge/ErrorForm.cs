namespace AuthServer.Edge;

/// <summary>The form in which somebody expects an error.</summary>
internal enum ErrorForm
{
    /// <summary>HTML, for people.</summary>
    Page,

    /// <summary>RFC 6749 §5.2, for clients.</summary>
    OAuth,

    /// <summary>RFC 9457, for callers of the JSON API.</summary>
    Problem,
}
