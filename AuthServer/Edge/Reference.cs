using System.Diagnostics;

namespace AuthServer.Edge;

/// <summary>What a person quotes to the operator, who finds it in the logs: the trace id of the request.</summary>
internal static class Reference
{
    /// <summary>The member of a refusal in JSON.</summary>
    public const string Name = "reference";

    public static string Of(HttpContext http) =>
        Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    /// <summary>Puts the reference where ASP.NET Core would put its own <c>traceId</c>, in the same form everywhere.</summary>
    public static void AddTo(ProblemDetailsContext context)
    {
        var extensions = context.ProblemDetails.Extensions;
        extensions.Remove("traceId");
        extensions[Name] = Of(context.HttpContext);
    }
}
