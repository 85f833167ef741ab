using Microsoft.Extensions.Options;

namespace AuthServer.Edge;

/// <summary>The section <c>Cors</c>: whose pages may call the endpoints of the protocol from a browser.</summary>
internal sealed class CrossOriginOptions
{
    private readonly HashSet<string> _ofClients = new(StringComparer.Ordinal);

    /// <summary>Origins beside those of the clients: scheme, host and port, as a browser sends them.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Adds the origin at which a browser client is registered to live.</summary>
    public void AllowClient(string origin) => _ofClients.Add(origin);

    /// <summary>Compares exactly: <c>null</c> and wildcards are never in the list.</summary>
    public bool Allows(string origin) => _ofClients.Contains(origin) || AllowedOrigins.Contains(origin);
}

/// <summary>Refuses to start with what is no origin.</summary>
internal sealed class CrossOriginOptionsCheck : IValidateOptions<CrossOriginOptions>
{
    public ValidateOptionsResult Validate(string? name, CrossOriginOptions options)
    {
        var mistakes = options
            .AllowedOrigins.Index()
            .Where(origin => !IsOrigin(origin.Item))
            .Select(origin =>
                $"Cors:AllowedOrigins:{origin.Index} '{origin.Item}' is not an origin: write scheme, host and, unless it is the usual one, port, all in lower case, as in 'https://app.example.com'."
            )
            .ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && !text.Contains('*', StringComparison.Ordinal)
        && text == uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
