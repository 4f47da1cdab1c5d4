using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Hub;

[JsonSerializable(typeof(ChatReceipt))]
[JsonSerializable(typeof(IReadOnlyList<ChatRoom>))]
[JsonSerializable(typeof(ChatRoomState))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(IReadOnlyList<ChatMention>))]
[JsonSerializable(typeof(IReadOnlyList<Guid>))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(bool))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ChatHubJson : JsonSerializerContext;
