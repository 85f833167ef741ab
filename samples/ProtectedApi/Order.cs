namespace ProtectedApi;

/// <summary>What somebody wants.</summary>
/// <param name="Item">1 to 100 characters.</param>
/// <param name="Quantity">1 to 1000.</param>
/// <param name="By">The subject of the token that placed it; whatever a caller sends here is replaced.</param>
internal sealed record Order(string Item, int Quantity, string? By = null);
