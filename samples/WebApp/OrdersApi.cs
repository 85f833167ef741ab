using System.Net.Http.Headers;

namespace WebApp;

/// <summary>An order as the API tells it.</summary>
internal sealed record Order(string Item, int Quantity);

/// <summary>The API that this application calls for the person who is signed in.</summary>
internal sealed class OrdersApi(HttpClient http)
{
    /// <summary>All orders that the token may see.</summary>
    /// <exception cref="HttpRequestException">The API refused the token, or was not reached.</exception>
    public async Task<IReadOnlyList<Order>> ListAsync(string? accessToken, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<IReadOnlyList<Order>>(cancellation) ?? [];
    }
}
