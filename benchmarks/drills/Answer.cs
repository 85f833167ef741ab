using System.Net;
using System.Text.Json;

namespace Drills;

/// <summary>What became of one request, as the client sees it.</summary>
/// <param name="Status">Null when no answer came.</param>
/// <param name="Text">The body; or, without an answer, why there is none.</param>
/// <param name="Location">Where it redirects to.</param>
internal sealed record Answer(HttpStatusCode? Status, string Text, Uri? Location = null)
{
    public bool IsOk => Status is HttpStatusCode.OK;

    /// <summary>It has said no. Anything else that is not OK may be asked again.</summary>
    public bool IsRefusal => Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.TooManyRequests;

    /// <summary>For counting: <c>200</c>, <c>503</c>, <c>cut</c>, <c>timeout</c>.</summary>
    public string Kind => Status is { } status ? status.ToString("D") : Text;

    /// <summary>A member of the JSON in it; empty when there is none.</summary>
    public string this[string name]
    {
        get
        {
            using var json = JsonDocument.Parse(Text);
            return json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
        }
    }
}
