namespace AuthServer.Tests.RelyingParties;

/// <summary>The person in the test configuration.</summary>
internal static class Demo
{
    public const string Email = "demo@example.com";
    public const string Password = "Correct-Horse-7-Battery";
}
