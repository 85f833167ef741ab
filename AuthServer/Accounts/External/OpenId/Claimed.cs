using System.Security.Claims;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>Reads claims by what they were in JSON.</summary>
internal static class Claimed
{
    /// <summary>A text that is told once; null when it is missing, a list or something else.</summary>
    public static string? Text(this ClaimsPrincipal principal, string type) =>
        Single(principal, type) is { ValueType: ClaimValueTypes.String } claim ? claim.Value : null;

    /// <summary>Whether it is the JSON value <c>true</c>: the text "true", 1, or nothing at all is not it.</summary>
    public static bool IsTrue(this ClaimsPrincipal principal, string type) =>
        Single(principal, type) is { ValueType: ClaimValueTypes.Boolean, Value: "true" or "True" };

    /// <summary>A whole number as it is written; null when it is something else.</summary>
    public static string? Number(this ClaimsPrincipal principal, string type) =>
        Single(principal, type)
            is {
                ValueType: ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64,
            } claim
            ? claim.Value
            : null;

    private static Claim? Single(ClaimsPrincipal principal, string type) =>
        principal.FindAll(type).Take(2).ToList() is [var only] ? only : null;
}
