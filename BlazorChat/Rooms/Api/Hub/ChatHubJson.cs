using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Hub;

[JsonSerializable(typeof(ChatReceipt))]
[JsonSerializable(typeof(IReadOnlyList<ChatRoom>))]
[JsonSerializable(typeof(ChatRoomState))]
[JsonSerializable(typeof(ChatRead))]
[JsonSerializable(typeof(ChatThreadRead))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMention>))]
[JsonSerializable(typeof(IReadOnlyList<ChatThread>))]
[JsonSerializable(typeof(IReadOnlyList<ChatVersion>))]
[JsonSerializable(typeof(IReadOnlyList<ChatPresence>))]
[JsonSerializable(typeof(ChatPresencePage))]
[JsonSerializable(typeof(IReadOnlyList<Guid>))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
[JsonSerializable(typeof(ChatSearchPage))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(DateTime?))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ChatHubJson : JsonSerializerContext;
