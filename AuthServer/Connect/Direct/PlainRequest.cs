using AuthServer.Edge;

namespace AuthServer.Connect.Direct;

/// <summary>A form that says nothing but what its endpoint knows, and the credentials that came with it.</summary>
/// <param name="ClientId">Who says to have sent it.</param>
/// <param name="ClientSecret">Null when there is none.</param>
internal sealed record PlainRequest(string ClientId, string? ClientSecret)
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>
    /// Null for any other request. <see cref="ParameterGuard"/> has refused what is said twice or in two places.
    /// </summary>
    /// <param name="request">Its form has been read.</param>
    /// <param name="fields">What it may say beside its credentials; all of it has a value then.</param>
    public static PlainRequest? Of(HttpRequest request, params ReadOnlySpan<string> fields)
    {
        if (!IsForm(request))
        {
            return null;
        }

        string? client = null;
        string? secret = null;
        foreach (var (name, values) in request.Form)
        {
            if (values is not [{ Length: > 0 } value])
            {
                return null;
            }

            if (name == "client_id")
            {
                client = value;
            }
            else if (name == "client_secret")
            {
                secret = value;
            }
            else if (!fields.Contains(name))
            {
                return null;
            }
        }

        return request.Headers.Authorization.Count > 0
            ? (secret is null ? OfHeader(request) : null)
            : (client is null ? null : new PlainRequest(client, secret));
    }

    /// <summary>A field of the form; null when there is none.</summary>
    public static string? FieldOf(HttpRequest request, string name) =>
        IsForm(request) && request.Form[name] is [{ Length: > 0 } value] ? value : null;

    private static bool IsForm(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && request.ContentType is { } type
        && type.StartsWith(Form, StringComparison.OrdinalIgnoreCase)
        && request.HasFormContentType;

    private static PlainRequest? OfHeader(HttpRequest request) =>
        BasicCredentials.Of(request) is { ClientId.Length: > 0, Secret.Length: > 0 } credentials
            ? new PlainRequest(credentials.ClientId, credentials.Secret)
            : null;
}
