namespace AuthServer.Tests.Support;

/// <summary>Where clients find the server: one that runs in the test, or several behind a proxy.</summary>
public interface IAddress
{
    /// <summary>Ends in a slash, as the issuer does.</summary>
    Uri Address { get; }

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    HttpClient Http { get; }
}
