namespace BlazorChat.Accounts.Rights;

/// <summary>
/// Marks an endpoint whose responses say for themselves how long they may be cached. A renewed sign-in cookie would make them
/// uncacheable, so it is never renewed there: see <see cref="Sessions.CookieRenewal"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KeepsCachingHeadersAttribute : Attribute;
