"""Danger in what consumers say, in their own words: what is found, in which tier, and what is not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.triage import TIERS, Found, TriageRow
from tests.local.effort import effort

from .cases import FRIDAY, OPERATING

# A line of a table: the tier that is expected, or "-" for none; what somebody says; and the product where it matters.
CHINA = """
act | 孩子吃了你们家的草莓，当晚上吐下泻
act | 吃完半小时开始肚子疼，一晚上跑了七八趟厕所
act | 我妈喝了这个豆浆粉拉稀两天了
act | 孩子今天住院了，食物中毒
act | 全家吃了都闹肚子，医生说是急性肠胃炎
act | 喝了一口，整个舌头都麻了
act | 芒果吃完嘴唇肿得像香肠
act | 面膜敷了十分钟，脸上又红又肿
act | 用了一次就过敏，脸上起了一片红疹
act | 穿了一天身上全是红疙瘩，医院说是接触性皮炎
act | 玻璃杯倒热水直接炸了，碎片划破了我的手
act | 水壶盖子突然弹开，把老人的手烫起了泡
act | 刀片没有护套，拆快递的时候割到手，流了好多血
act | 椅子腿断了，我婆婆摔下来骨折了
act | 孩子额头磕破缝了三针
act | 充电宝放在床头自己鼓包了
act | 充电的时候手机冒烟，吓得我赶紧拔掉
act | 插上电就冒火花，一股焦糊味
act | 电动车停在楼下半夜自燃
act | 洗澡的时候热水器漏电，被电了一下
act | 一摸外壳手就发麻，拿电笔测是带电的
act | 一插上家里就跳闸，试了三次都这样
act | 装好之后厨房一直有股煤气味
act | 燃气灶接口漏气，报警器响了
act | 我老公一氧化碳中毒送去抢救了
act | 宝宝把玩具上掉下来的小珠子吞下去了
act | 积木零件太小，差点卡住孩子喉咙
act | 电热毯半夜烧起来了，床单烧了个洞
act | 高压锅炸了，厨房天花板都是洞
act | 老人吃了这个保健品头晕呕吐，挂了两天水
act | 隐形眼镜戴了眼睛疼得睁不开，去看了急诊
act | 拉肚子拉到脱水😭😭😭赔钱！！！
act | 食 物 中 毒 了 你们管不管
act | 我对象用完这个染发膏头皮溃烂流脓
act | 笔记本电池漏液，键盘都腐蚀了
act | 插座用了没两天就短路，墙都烧黑了
act | 没想到用了两次就全身过敏
act | 昨天夜里突然就炸了，声音特别大 | 充电宝 20000毫安
look | 打开一看全是霉斑，长了一层白毛
look | 面粉里爬出好几条虫子
look | 罐头里吃出一根铁丝
look | 过期三个月的牛奶也敢发货
look | 衣柜味道刺鼻，测甲醛超标三倍
look | 充电半小时机身烫手
skin | 洗完头皮奇痒，头发一把一把地掉
skin | 用了三天下巴开始冒痘
privacy | 刚下单就有人冒充客服给我打电话说要退款
privacy | 你们把我的手机号泄露出去了，每天十几个骚扰电话
- | 物流慢得要死，等得我快气炸了
- | 客服态度差到爆炸
- | 买完第二天就降价，心里很受伤
- | 气得我头顶冒烟
- | 颜色丑哭了，被种草伤得不轻
- | 漏电保护器外壳凹了一块，包装也破了 | 漏电保护器
- | 防触电插座少发了一个 | 儿童防触电插座
- | 抗过敏面霜买一送一没有送 | 抗过敏面霜
- | 说是敏感肌可用，我没有过敏，就是不保湿
- | 我是过敏体质，不敢用，想退货
- | 请问这个会不会漏电啊，家里有小孩
- | 担心充电时会起火，能不能退
- | 怕烫伤孩子所以想换个带锁的
- | 爆炸优惠的券根本用不了
- | 来电铃声太小，经常听不到
- | 这价格真的炸裂，被坑惨了
- | 火龙果一点都不甜，皮也皱了
- | 烟台苹果个头太小
- | 老板心太黑，割韭菜，割到我头上了
- | 音箱低音炸耳朵，完全不是描述的那样
- | 电脑风扇声音大，像飞机起飞
- | 卡得要死，玩游戏直接卡死
- | 屏幕碎了一个角，应该是运输时压坏的
- | 洗发水漏液了，漏了半瓶 | 洗发水
- | 快递把箱子摔了，热水器撞凹了一块
- | 口红颜色很火，但我用着不显白
- | 客服电话打了八遍没人接，火大
- | 说好的防烫手柄根本没有
- | 充电没有发热也没冒烟，就是充不满
- | 医院地址写错了，送到另一个院区
- | 我在医院上班，要求送到护士站，结果没送
- | 优惠券过期了不给补
- | 耳机听久了头疼，音质太差
- | 字太小看得眼睛疼
- | 难吃到想吐，给差评
- | 止痒洗发水一点都不止痒
- | 手痒又买了一件，后悔死了
- | 麻辣味不够，吃了舌头一点都不麻
- | 这质量让人吐血
- | 太重了，提得手都麻了
- | 一起火锅底料少了两包
- | 手机划伤了，屏幕上好几道
"""
TAIWAN = """
act | 吃完隔天就拉肚子，還發燒
act | 全家都上吐下瀉，半夜掛急診
act | 喝了兩口舌頭發麻
act | 小孩吃了嘴巴腫起來
act | 擦了乳液整臉紅腫起疹子
act | 敷完面膜過敏，臉又紅又癢
act | 熱水瓶爆開，燙傷我的大腿
act | 開箱被鐵片割到手，流血不止
act | 一插電就跳電，還有燒焦味
act | 吹風機冒火花又冒煙
act | 手機充電充到電池膨脹
act | 行動電源半夜起火，差點燒到床
act | 洗澡被電到，熱水器漏電
act | 裝好之後一直聞到瓦斯味
act | 瓦斯管接頭漏氣
act | 阿嬤椅子坐到垮掉，跌倒骨折
act | 小孩把鈕扣電池吞下去了
act | 手指被夾到，縫了五針
act | 燈泡突然炸開，玻璃噴到眼睛
act | 吃完一直烙賽，去診所吊點滴
look | 打開整包都發霉了
look | 米裡面有一堆米蟲
look | 餅乾吃到一根頭髮
look | 櫃子有很重的甲醛味，嗆到眼睛流淚
skin | 洗完頭皮超癢，一直掉髮
skin | 用了狂冒痘
privacy | 接到詐騙電話，對方知道我的訂單內容
privacy | 我的個資外洩了
- | 客服態度差到爆炸
- | 等貨等到我頭頂冒煙
- | 心好受傷，再也不回購
- | 漏電斷路器外盒凹了一角 | 漏電斷路器
- | 抗過敏枕頭套尺寸不對 | 抗過敏枕頭套
- | 本身是過敏體質，想確認成分能不能退
- | 請問會不會漏電？
- | 怕小孩燙到，想換有鎖的
- | 沒有過敏，只是沒什麼效果
- | 價格貴到爆，來電顯示也不清楚
- | 優惠券過期了不補發
- | 這本漫畫笑到肚子痛，可是封面破了
- | 螢幕裂一角，應該是運送撞的
- | 荷包大失血，買到爛貨
- | 網路上說很燒，結果普普
- | 醫院樓下取貨點沒人
- | 保養品漏液，外盒都濕了
- | 爆米花沒爆開，一半是硬的
- | 這件衣服火紅色跟圖差很多
- | 充電都沒發燙也沒冒煙，只是充不滿
- | 止癢洗髮精香味太重
- | 被店家當盤子，傷心
"""
ENGLISH = """
act | My son threw up all night after eating these cookies
act | We all got food poisoning from the shrimp
act | Had diarrhea for two days after drinking this
act | The charger sparked and tripped the breaker
act | Got an electrical shock when I touched the kettle
act | The plug melted and there was a burning smell
act | Battery is swollen, the back cover popped off
act | The power bank caught fire on my desk
act | It started smoking while charging
act | The glass lid exploded in my hand
act | The handle broke and I got a burn on my arm
act | Boiling water spilled over her legs, second degree burns
act | Broken glass cut my finger, needed five stitches
act | The blade cut my daughter's hand, there was blood everywhere
act | I broke out in hives after one use
act | My face is swollen and red after using this cream
act | She had an allergic reaction and ended up in the ER
act | Went to the hospital because of this
act | The ladder collapsed and I broke my wrist
act | My toddler swallowed the little magnet
act | My baby nearly choked on a button that came off
act | Smells like gas ever since it was installed
act | There is a gas leak at the fitting
act | Carbon monoxide alarm went off twice
act | my eyes are burning since i used these drops
act | gave me a nasty rash on my neck
act | Got zapped by the heater, my whole arm went numb
act | My husband fainted after taking two pills
look | The bread was mouldy when it arrived
look | There was a piece of metal wire in the soup
look | Found maggots in the rice
look | Best before date was two months ago
look | Gets way too hot to touch
look | Strong chemical smell gives me a headache
skin | My scalp itches like crazy and my hair is falling out
skin | Got pimples all over my forehead
privacy | Someone pretending to be your customer service called me about a refund
privacy | You leaked my phone number, I get scam calls every day
- | It said on fire sale but I paid full price
- | Killer deal, my foot
- | Burned through the battery in two hours
- | This app crashes all the time
- | Ship it to Burnley, not Barnsley
- | I'm dying of boredom waiting for your reply
- | The price is a shock
- | My blood boils when I read your answers
- | Does not cause a rash, but does not help either
- | No smoke, no sparks, it just does not turn on
- | Will it explode if I leave it charging?
- | I'm afraid it might catch fire, can I return it?
- | The smoke detector came without batteries | smoke detector
- | The anti-allergy pillow is too thin | anti-allergy pillow
- | Fire TV stick remote is missing
- | The colour burnt orange looks brown
- | I was so mad I almost exploded
- | I am sick of waiting
- | Customer service poisoned my mood
- | It cost me an arm and a leg
- | Box was dented, the surge protector has shock protection inside | surge protector
- | Shock absorber arrived without screws | shock absorber
- | The burner phone has no SIM tray
- | First aid kit is missing the burn cream | first aid kit
- | I got burned by this seller before
- | Cut my losses and bought elsewhere
- | The stitches on the sleeve came apart
- | Not a burn in sight, the toaster does not heat at all
- | Melted my heart, but the toy was broken
"""

# These two were held back at first, when half of their dangers were missed, and the words were widened by them.
SECOND = """
act | 我爸喝完这个药酒人就不行了，救护车拉走的
act | 婴儿床护栏自己掉下来，宝宝从床上摔下来了
act | 美甲灯照了之后指甲盖疼得像火烧，起了水泡
act | 插座里面噼里啪啦响，还闪火星
act | 电热水袋充着充着爆了，滚烫的水全浇在我腿上
act | 老婆戴了这个耳钉，耳朵发炎流脓了
act | 电饭煲的线皮都化了，铜丝露在外面，碰一下浑身一哆嗦
act | 奶粉喝了两天，娃一直吐奶拉绿便，送儿科了
look | 坚果里面有股哈喇味，还有小虫爬
look | 新买的床垫味道呛得睡不着，怀疑甲醛
privacy | 刚填完地址就有陌生人打电话，连我家门牌号都知道
- | 客服踢皮球，踢得我想打人
- | 这手机打游戏帧数爆低，卡到怀疑人生
- | 电影票过期不退，霸王条款
- | 老婆收到以后脸都黑了，颜色完全不对
- | 快递小哥把箱子扔在门口，淋雨了
- | 断路器收到少了一颗螺丝，还没装 | 空气开关
act | 我媽吃了以後一直跑廁所，人都虛脫了
act | 延長線插頭整個熔掉，差點火災
act | 嬰兒推車煞車失靈，小孩整個人飛出去撞到頭
act | 喝完喉嚨像火燒，嘴角都破皮流血
look | 茶包裡居然有一隻死蒼蠅
- | 等了一個月，心已死
- | 東西很廢，完全是智商稅
- | 電擊棒的保護套顏色寄錯了 | 電擊棒
- | 說好的火速到貨，結果拖了兩週
act | Our dog got into it and was vomiting blood by the evening
act | The e-bike battery went up in flames in the hallway
act | The pressure cooker lid flew off and hit me in the face
act | I felt a tingle every time I touched the metal body of the toaster
act | After the second dose my tongue swelled and I could not breathe
act | The mixer blade sliced right through my thumb
look | The milk smelled sour and the date had passed a week ago
skin | This shampoo made my hair fall out in clumps
- | The hair dryer's cord is too short and it arrived in the wrong color
- | Your ad was misleading, it made me sick to my stomach to see the price go up
- | I was shocked by how rude your agent was
- | The fire pit cover does not fit
- | Delivery guy nearly broke my gate
- | The knife set came with only five knives and a scratched block
"""
THIRD = """
act | 用这个榨汁机，刀头突然飞出来，差一点扎进眼睛
act | 孩子喝了两盒就开始窜稀，儿童医院说是细菌感染
act | 新买的取暖器插头烫得冒烟味，插孔边上都焦了
act | 贴了一晚上膏药，撕下来皮都跟着掉了，起一大片水泡
act | 手机放枕头边上充着电，半夜嘭的一声着了
act | 老人坐这个洗澡凳，凳腿一歪人就摔了，现在躺医院呢
act | 吃完嗓子眼发紧，嘴唇麻麻的，赶紧吃了氯雷他定
act | 淋浴的时候水管带电，吓得我光着身子跑出来
look | 牛肉干里吃出来一截塑料绳
look | 电热毯才开一会儿就烫得没法睡，也不会自动断电
skin | 换了这个洗面奶以后满脸爆痘，又痒又疼
privacy | 你们快递单把我电话全露在外面，现在天天接诈骗电话
- | 音响效果炸裂，可惜蓝牙老断
- | 买的洗衣机脱水的时候晃得厉害
- | 被你们的客服气到吐血
- | 水果有几个磕碰伤，坏果包赔说话不算数
- | 电压力锅的密封圈少发一个 | 电压力锅
- | 说是防烫硅胶手套，尺寸太小 | 防烫手套
- | 孩子眼巴巴等了一星期，玩具少了轮子
- | 过敏原检测盒外包装压扁了 | 过敏原检测盒
act | 用了這款除毛膏，皮膚整片紅腫還破皮
act | 電鍋插下去啪一聲，整個家都沒電了
act | 我女兒吃完軟糖一直吐，臉都白了
act | 貓咪咬了逗貓棒之後把羽毛吞進去，送急診開刀
look | 拆開飼料袋滿滿的小蟲在爬
- | 等太久等到火大
- | 耳機左邊沒聲音，氣死
- | 這個鍋子跟照片落差很大，心痛
- | 瓦斯爐的旋鈕少一個 | 瓦斯爐
- | 防蚊液味道很重，不喜歡
act | The charging cable got so hot it burned a mark into my thigh
act | Ten minutes after eating the bar her lips went puffy and she was wheezing
act | A shard of glass from the jar was in my baby food and cut his gum
act | The hoverboard battery started hissing and then there were flames
look | There is a strong smell of chemicals and the rice has tiny insects
skin | Left my scalp raw and itchy for days
- | Your website keeps timing out and it is driving me up the wall
- | The jacket is a knock-off and the stitching is terrible
- | Firefighter costume came in the wrong size
- | The candle does not burn evenly
- | Fast shipping my foot, it took three weeks
"""
# Written last, after the words: what it misses, it misses, and no word is changed for it.
FOURTH = """
act | 空气炸锅冒烟了 | 空气炸锅
act | 空气炸锅用着用着着火了 | 空气炸锅
act | 燃气灶突然着火 | 燃气灶
act | 等了几分钟就冒烟 | 电饭煲
act | 眼看着电动车着火 | 电动车
act | 眼睁睁看着它起火 | 充电宝
act | 美的电压力锅爆炸了 | 电压力锅
act | 倒热水杯子就炸了 | 玻璃杯
act | 加热到一半玻璃盖炸了 | 玻璃锅
act | 卡式炉气罐爆炸 | 卡式炉
act | 燃气热水器炸了 | 热水器
act | 用了两次插头炸了 | 插座
act | 辣酱玻璃瓶炸了 | 辣酱
act | 大拇指流血 | 刀
act | 大腿烫伤 | 水壶
act | 一不小心手就割伤了 | 罐头
act | 不小心烫伤 | 水壶
act | 手心流血 | 玻璃杯
act | 电线漏电把手烧伤 | 插座
act | 割破手一大道口子 | 罐头
act | 把手割破了 | 罐头
act | 把手划破了 | 柜子
act | 盖子太锋利把脸划伤 | 柜子
act | 我家跳闸了 | 烤箱
act | 一用跳闸 | 烤箱
act | 热水漏电 | 热水器
act | 水龙头出来的水漏电 | 热水器
act | 按下开关手一麻 | 台灯
act | 拿起来手发麻 | 电热水壶
act | 吃完很快就吐了 | 酸奶
act | 吃完恶心头晕吐了三次 | 酸奶
act | 吃完恶心一直吐 | 酸奶
act | 吃完恶心呕吐 | 酸奶
act | 恶心呕吐发烧 | 酸奶
act | 吃了你们的货住院了 | 酸奶
act | 孩子误吞硬币大小的电池 | 玩具
act | 孩子把硬币一样的电池吞下去了 | 玩具
act | 我对象用了过敏 | 面膜
act | 检查是过敏 | 面膜
act | 电动滑板车刹车失灵人摔了 | 滑板车
act | 空气炸锅差点烧起来 | 空气炸锅
act | 煤气罐差点炸了 | 煤气灶
act | 我外婆吃了之后人就没了 | 保健品
act | 老人用了第二天就去世了 | 保健品
act | 吃完没抢救过来 | 保健品
act | 烫出两个大泡 | 热水袋
act | 大腿烫掉一层皮 | 热水袋
act | 烫了好几个泡 | 热水袋
act | 热水袋夜里爆了 | 热水袋
skin | 脸都烂了 | 面膜
act | 手指被夹住拔不出来 | 玩具
act | 人从上面掉下来 | 梯子
act | 角膜感染 | 隐形眼镜
act | 喝了两口眼睛看不清 | 白酒
act | 玻璃杯炸得满桌都是 | 玻璃杯
act | 煤气灶打火的时候砰一下把我眉毛烧了 | 煤气灶
act | 电池漏液了 | 遥控器
- | 等得我头都炸了 | 鞋
- | 吵得头都要炸了 | 风扇
- | 贵得要爆炸 | 包
- | 热到爆炸的天气还要我自己去取 | 鞋
- | 客服态度气得我要爆炸 | 鞋
- | 气得我头顶冒烟 | 鞋
- | 等快递等得冒火 | 鞋
- | 急得我嗓子冒烟 | 鞋
- | 家里没电视 | 鞋
- | 门把手掉了 | 柜子
- | 把手划了一道痕 | 柜子
- | 拎了一路手都麻了 | 大米
- | 难吃得想吐 | 零食
- | 恶心得要吐了 | 零食
- | 价格大出血还买到假货 | 鞋
- | 心在滴血 | 鞋
- | 心里流血 | 鞋
- | 宝宝对牛奶过敏所以想换货 | 奶粉
- | 我对花生过敏，想确认配料 | 饼干
- | 买给住院的妈妈的轮椅，到现在还没发货 | 轮椅
- | 充电器来电显示不正常 | 手机
- | 防摔倒的扶手，螺丝少了两个 | 扶手
- | 买来给我妈防摔倒用的扶手，螺丝少了 | 扶手
- | 吞了我的押金 | 鞋
- | 自动贩卖机吞了我两个硬币 | 饮料
- | 画面美到爆炸可惜碎了 | 画
- | 电话都打爆了没人接 | 鞋
- | 评论区都炸了 | 鞋
- | 酷到爆炸的鞋子发错了尺码 | 鞋
- | 衣服线头多得我心态炸了 | 衣服
- | 空气炸锅噪音大 | 空气炸锅
- | 空气炸锅炸出来的东西不好吃 | 空气炸锅
- | 高压锅炖的鸡不烂 | 高压锅
- | 玻璃杯图案是爆炸头小人，发错了 | 玻璃杯
act | 暖手宝充电的时候爆了，棉被都烧穿了 | 暖手宝
act | 冬天放车里充电宝自己炸了 | 充电宝
act | 蓝牙耳机戴着突然着火 | 耳机
act | 晚上着火了幸亏发现得早 | 电热毯
act | 产品发生自燃 | 电动车
act | 马上着火 | 电热毯
act | 差点着火 | 插座
act | 厨房差点起火 | 电饭煲
act | 路上电池自燃 | 电动车
act | 胀气腹泻一整天 | 牛奶
act | 我妈吃完胀气肚子疼 | 牛奶
act | 小孩玩具里的磁珠吞了3颗 | 磁力球
act | 婆婆擦完之后全身起疹子 | 药膏
act | 手机充着电突然炸开 | 手机
act | 灯泡拧上去就炸了 | 灯泡
act | 锅盖炸成碎片 | 砂锅
act | 热得快漏电 | 热得快
act | 热敷眼罩把眼皮烫伤 | 眼罩
act | 贴完皮肤烂了流脓 | 膏药
act | 跑步机带子把孩子手卷进去，手指骨折 | 跑步机
- | 便宜得我都要炸了 | 鞋
- | 心累，气得肺都炸了 | 鞋
- | 点着火就灭，打火机质量差 | 打火机
- | 燃气灶点火不灵 | 燃气灶
- | 鞋底断了 | 鞋
- | 晚上收到货，点火器不能用 | 燃气灶
- | 火锅底料太辣，辣得嗓子冒烟 | 火锅底料
- | 辣到冒火的表情包都没这么夸张，味道太淡 | 火锅底料
- | 看到价格我眼睛都冒火 | 鞋
- | 上了火车才发现拉链坏了 | 箱子
- | 烟花没响，放不出火花 | 烟花
- | 火花塞型号不对 | 火花塞
- | 收货后客服消失了，等得我着火 | 鞋
- | 买了三个月，物流一直显示派送，人从北京发到上海 | 鞋
- | 衣服缝了两针线就开了 | 衣服
- | 老板大出血促销是假的 | 鞋
- | 手都划出印子了，拉链太紧 | 包
- | 图片看不清，用了三天掉色 | 海报
- | 说明书字太小看不清 | 药
- | 喝了两天看不清有什么效果 | 茶
- | 用了三天屏幕看不清 | 手表
act | 太可怕了漏电 | 热水器
act | 可怕的是充电宝半夜着火 | 充电宝
act | 防水插座漏电 | 插座
act | 防风打火机爆炸了 | 打火机
act | 防烫手柄断了把手烫伤 | 锅
act | 消防车来了说是电池着火 | 电动车
act | 幸好预防得早没起火但是冒烟了 | 插座
act | 我很担心，孩子发烧呕吐 | 奶粉
act | 担心死了孩子吃完呕吐 | 奶粉
act | 如果不是我在家就着火了，插头都烧黑了 | 电饭煲
act | 害怕极了它又冒烟 | 电饭煲
act | 万一我不在家呢？昨天冒烟了 | 电饭煲
act | 有没有人管，孩子吃完拉肚子 | 奶粉
act | 会不会赔偿？我被烫伤了 | 水壶
act | 能给个说法吗孩子过敏了住院 | 奶粉
act | 不会再买了吃完拉肚子 | 零食
act | 以后不会再用吹风机冒烟 | 吹风机
act | I'm afraid to use it now after it caught fire | heater
act | I'm scared because it sparked when I plugged it in | kettle
act | We might sue, my daughter was hospitalized | toy
act | It may be the wiring but it caught fire | lamp
act | Never again. It burned my hand | iron
act | I never got a reply after I got an electric shock | kettle
act | I do not want another one, it exploded in the oven | glass dish
act | I could not believe it exploded | pressure cooker
act | My kid ended up with stitches from the sharp edge | table
act | The battery swelled up and started to smoke | power bank
- | 怕漏电所以想退 | 热水器
- | 担心会着火，想退货 | 充电宝
- | 会不会漏电 | 热水器
- | 有没有爆炸的风险 | 高压锅
- | 防漏电插座少发一个 | 插座
- | 防爆充电宝没有防爆功能 | 充电宝
- | 怕孩子吞下小零件，想换大的 | 玩具
- | Could this cause a fire? | lamp
- | I'm afraid it might catch fire | lamp
- | I want to avoid an electric shock | lamp
act | I turned it on and it exploded | pressure cooker
act | It hit me in the face | ladder
act | It stopped working and I went to the hospital with burns | heater
act | I bought it as a present and my son was taken to hospital | toy
- | It hit me hard financially | sofa
- | I nearly exploded when your agent hung up | sofa
- | 如果漏电怎么办 | 热水器
- | 担心以后会漏电 | 热水器
act | 宝宝喝了这款奶粉浑身起红点，医生说是湿疹加重 | 奶粉
act | 老爸吃了两粒就心跳得厉害，叫了救护车 | 保健品
act | 按摩仪用着用着发烫，把脖子烫红了一大片 | 按摩仪
act | 扫地机充电座半夜烧起来，地板黑了一块 | 扫地机器人
act | 梳子掉漆，划得头皮直流血 | 梳子
act | 猫吃了猫条吐血，抢救无效 | 猫条
act | 平衡车突然加速把我甩出去，胳膊断了 | 平衡车
act | 鱼刺没去干净，卡到我妈喉咙去医院取的 | 鱼丸
act | 卷发棒漏电，一碰就麻 | 卷发棒
act | 灯具安装好后老跳闸，电工说里面短路 | 吊灯
act | 孩子咬破彩笔吞了墨水，嘴都肿了 | 彩笔
act | 滑板轮子断了，门牙磕掉半颗 | 滑板
act | 煮粥的时候盖子喷开，一锅粥浇到腿上 | 高压锅
act | 喝完拉了一晚上，现在还发着烧 | 果汁
act | Smoke came out of the back and the plug went black | tv
act | My toddler pulled off the eye of the bear and choked | teddy
act | After two bites we were all throwing up | sushi
act | 喷雾喷到眼睛里，现在看东西都是花的 | 防晒喷雾
act | 睡到一半床塌了，我老婆压伤了腰 | 床
act | 吃到一半咬到铁钉，牙崩了 | 面包
look | 罐头盖鼓起来了，打开一股酸臭 | 罐头
look | 酱油里漂着一只蟑螂 | 酱油
skin | 洗完头皮一直痒，还掉头发 | 洗发水
privacy | 骗子知道我的订单号和地址，冒充你们客服要退款 | 鞋
- | 锅太重，提着手酸 | 锅
- | 客服说话能噎死人 | 鞋
- | 等快递等到心都碎了 | 杯子
- | 玻璃杯到手全碎了，包装太差 | 玻璃杯
- | 买的防烫手套短了一截 | 手套
- | 创可贴粘性不好，出汗就掉 | 创可贴
- | 医院开的证明我上传了，为什么还不给退票 | 门票
- | 孩子上火车前才发现书包拉链坏 | 书包
- | 电池没装，遥控器用不了 | 遥控器
- | 烟灰缸裂了 | 烟灰缸
- | 这个价格跟抢钱一样，心在流血 | 包
- | 充电头不带保护，但一直没出过问题 | 充电头
- | The flame design on the shirt is crooked | shirt
- | I'm sick of waiting for my refund | shoes
- | My hands hurt from carrying it because the driver left it downstairs | sofa
"""
"""Everyday sentences with what looks like an exception and is none: 气…冒烟 in 空气炸锅, 头…炸了 in 插头."""
HELD_BACK = """
act | 电吹风吹着吹着里面蹿出火来，头发都燎了一截
act | 娃吃了这个果冻卡得脸发紫，拍了半天背才吐出来
act | 煮面的锅把手突然断掉，一锅开水全倒脚上了
act | 家里老人吃了你们的降压茶，昨晚晕倒被拉去抢救
act | 这个瑜伽球做着做着爆了，我一屁股摔地上尾椎骨裂
act | 擦完护手霜手背又红又痒还起小水泡，皮肤科说是过敏
act | 装好才三天，夜里一屋子煤气味，我妈头晕得站不起来
act | 微波炉关着门都打火，吓死人了
look | 酸奶打开盖子鼓着，里面都结块发绿了
look | 奶瓶一股塑胶味，煮了三遍还有
skin | 眼霜涂完眼周一圈脂肪粒，还一直发痒
privacy | 退款短信是骗子发的，订单号都对得上，你们是不是把资料卖了
- | 主播吹得天花乱坠，到手一看真是被雷到了
- | 电热毯只热一半，另一半冰凉
- | 手机壳边角磨手，跟宣传的不一样
- | 灭火毯少发一条，客服装死 | 灭火毯
- | 孩子哭着要玩，结果积木缺了一大半
- | 我急着去医院上夜班，快递非让我下楼取
- | 这款辣酱一点都不辣，还吹什么喷火辣
act | 泡麵吃到一半咬到鐵釘，牙齒斷了一角
act | 除濕機半夜燒起來，消防隊都來了
act | 媽媽擦了藥膏之後整隻手腫得跟麵包一樣
act | 兒童餐椅扣環鬆脫，弟弟整個人往前栽，額頭縫了四針
look | 便當菜裡夾到一根釘書針
- | 客服講話很衝，聽了就一肚子火
- | 充電線太短，用起來綁手綁腳
- | 這雙鞋磨到懷疑人生
- | 燙衣板的布套破了一個洞 | 燙衣板
act | The toaster went off like a firework and tripped everything in the house
act | My grandmother slipped because the bath mat has no grip and she broke her hip
act | I had to call an ambulance after my wife took one of these capsules
act | The drone propeller slashed my cheek, four stitches
act | Within an hour both kids were throwing up
look | I bit down on a piece of plastic in the granola
skin | The deodorant left an itchy patch under both arms
- | The dress is a knockout but two sizes too small
- | My card was charged twice and your chat is a joke
- | The spicy noodles are not spicy at all, no burn whatsoever
- | Grill cover ripped the first time I used it
- | I have been sick and could not pick up the parcel in time, please send it again
"""
# What somebody hostile wrote: what is said of a hospital, a medicine or a price, and no harm by what was bought.
FIFTH = """
- | 这支手机价格爆炸高，气得冒烟 | 手机
- | 手机运费简直爆炸 | 手机
- | 气得我住院了
- | 客服把我气到医院去
- | 我住院了没法签收，快递给退回了
- | 因为住院没能及时退货，能不能宽限
- | 我妈住院要用这个轮椅，一直不发货 | 轮椅
- | 止泻药治拉肚子没效果 | 止泻药
- | 等快递等到手麻
- | my kid burned through the batteries in a day
- | a killer phone with exploding sales, still not shipped | phone
act | 手机爆炸了 | 手机
act | 价格便宜，充电的时候爆炸 | 手机
act | 吃了两天就住院了，没法上班
act | 吸了一屋子煤气，被送到医院去
act | 我治疗仪用完就拉肚子
act | 我家狗吃了口吐白沫
act | 车座断裂，摔得头破血流
act | 玩具里的电池被宝宝吃下去了
act | my son was burned through his jacket by the lighter
"""
TABLES = {
    "China": CHINA,
    "Taiwan": TAIWAN,
    "English": ENGLISH,
    "second": SECOND,
    "third": THIRD,
    "fourth": FOURTH,
    "fifth": FIFTH,
}
NONE = "-"


class Said(NamedTuple):
    tier: str
    words: str
    product: str

    @property
    def found(self) -> str:
        """The highest tier found in it."""
        dangers = OPERATING.dangers(self.words, self.product)
        return dangers[0].tier if dangers else NONE

    @property
    def is_missed(self) -> bool:
        ranks = (*TIERS, NONE)
        return ranks.index(self.found) > ranks.index(self.tier)


def said(table: str) -> Iterator[Said]:
    for line in table.strip().splitlines():
        tier, words, *product = line.split(" | ")
        yield Said(tier, words, *product or [""])


EVERYTHING = [one for table in TABLES.values() for one in said(table)]
DANGERS = [one for one in EVERYTHING if one.tier != NONE]
HARMLESS = [one for one in EVERYTHING if one.tier == NONE]


def test_of_the_dangers_that_people_tell_at_least_95_in_100_are_found_in_their_tier_or_a_higher_one():
    missed = [one for one in DANGERS if one.is_missed]
    assert len(missed) <= len(DANGERS) * 0.05, missed


def test_none_of_what_is_harmless_calls_anybody_in_the_night():
    assert [one for one in HARMLESS if one.found == "act"] == []


def test_what_is_missed_and_what_is_taken_for_danger_is_known_by_name():
    assert [one.words for one in EVERYTHING if one.is_missed] == []
    assert [one.words for one in HARMLESS if one.found != NONE] == []


def test_of_what_nobody_had_looked_at_two_thirds_of_the_dangers_are_found():
    """No promise, but what to expect of words that people choose: 16 of 24; and of 16 harmless ones one in `act`."""
    held_back = list(said(HELD_BACK))
    assert len([one for one in held_back if one.tier != NONE and not one.is_missed]) >= 16
    assert len([one for one in held_back if one.tier == NONE and one.found == "act"]) <= 1


def test_the_table_has_enough_of_each_kind_and_language():
    count = {name: len(list(said(table))) for name, table in TABLES.items()}
    assert (count["China"] >= 80, count["Taiwan"] >= 45, count["English"] >= 55) == (True, True, True)
    assert {one.tier for one in DANGERS} == set(TIERS)
    assert len(HARMLESS) >= 0.4 * len(EVERYTHING)


# ---- how a word is written -------------------------------------------------------------------------------------------


def scan(*rows: dict[str, Any], unless: tuple[str, ...] = ()) -> Operating:
    data = [{"tier": "act", "locale": "zh-CN"} | row for row in rows]
    return Operating.model_validate({"version": 2, "effective_from": FRIDAY, "triage": data, "triage_unless": unless})


def found(text: str, *rows: dict[str, Any], product: str = "", unless: tuple[str, ...] = ()) -> list[str]:
    return [one.word for one in scan(*rows, unless=unless).dangers(text, product)]


def test_a_gap_is_short_and_ends_with_the_clause():
    row = {"any": ["舌头…麻"]}
    assert found("舌头有一点发麻", row) == ["舌头…麻"]
    assert found("舌头红了，全身都麻", row) == found("舌头好不容易才恢复过来现在麻", row) == []
    assert found("burned all of my left hand", {"any": ["burned…hand"]}) == ["burned…hand"]


def test_a_gap_of_a_word_holds_no_denial_and_one_of_an_exception_may():
    assert found("舌头一点都不麻", {"any": ["舌头…麻"]}) == []
    assert found("怕孩子不小心触电", {"any": ["触电"], "unless": ["怕…~"]}) == []


def test_alternatives_are_one_of_several_or_nothing():
    row = {"any": ["(割|划)(到|)手"]}
    assert [bool(found(text, row)) for text in ("割到手", "划手", "手", "割到了手")] == [True, True, False, False]


@pytest.mark.parametrize("text", ["crash", "Burnley", "crashed twice", "heartburn", "my_rashers", "brash"])
def test_no_word_is_found_in_the_middle_of_a_latin_word(text: str):
    assert found(text, {"any": ["rash", "burn"]}) == []
    assert [one for one in OPERATING.dangers(text) if one.tier == "act"] == []


def test_an_asterisk_is_any_ending_of_a_latin_word():
    row = {"any": ["explod*", "(mold|mould)y*"]}
    assert found("It EXPLODED, it explodes", row) == ["explod*"]
    assert found("imploded, unexploded", row) == []
    assert found("被explode了", row) == ["explod*"]


def test_a_word_counts_where_one_of_before_stands_before_it_in_the_same_sentence():
    row = {"any": ["炸了"], "before": ["充电", "玻璃(杯|锅)"]}
    assert found("充电的时候，突然炸了", row) == ["炸了"]
    assert found("炸了，充电", row) == found("充电很慢。气得我炸了", row) == found("炸了", row) == []
    assert found("充电" + "很" * 40 + "炸了", row) == []


def test_a_word_counts_where_one_of_after_stands_after_it_in_the_same_sentence():
    row = {"any": ["泄露"], "after": ["信息", "电话"]}
    assert found("泄露了我的信息", row) == ["泄露"]
    assert found("信息泄露", row) == found("泄露！电话打不通", row) == []


def test_before_and_after_are_both_needed():
    row = {"any": ["麻"], "before": ["吃"], "after": ["医院"]}
    assert [bool(found(text, row)) for text in ("吃了麻，去医院", "吃了麻", "麻，去医院")] == [True, False, False]


def test_a_word_does_not_count_where_it_stands_as_an_exception_says():
    row = {"any": ["漏电"], "unless": ["~保护", "(怕|担心)…~", "会…~吗"]}
    for text in ("漏电保护器", "我担心它漏电", "会不会漏电吗"):
        assert found(text, row) == []
    for text in ("漏电", "漏电，保护我", "我很怕，漏电了", "会漏电"):
        assert found(text, row) == ["漏电"]


def test_an_exception_is_about_the_nearest_word_and_not_about_the_next():
    row = {"any": ["过敏"], "unless": ["怕…~", "抗~"]}
    assert found("怕过敏结果过敏", row) == ["过敏"]
    assert found("抗过敏面霜用了也过敏", row) == ["过敏"]
    assert found("抗过敏面霜，怕过敏", row) == []


def test_some_exceptions_are_those_of_every_row():
    rows = {"any": ["触电"]}, {"any": ["着火"], "tier": "look"}
    assert found("没触电，没着火", *rows, unless=("没~",)) == []
    assert found("没触电，却着火了", *rows, unless=("没~",)) == ["着火"]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("(割|划", "word_not_understood"),
        ("割|划", "word_not_understood"),
        ("((割|划)|扎)", "word_not_understood"),
        ("(割)", "word_not_understood"),
        ("过敏*", "word_not_understood"),
        ("…麻", "gaps_misplaced"),
        ("麻…", "gaps_misplaced"),
        ("手…脚…头…麻", "gaps_misplaced"),
        ("(很|)(|太)", "nothing_sure"),
        ("", "nothing_sure"),
        ("漏电，触电", "word_not_understood"),
        ("~保护", "word_like_an_exception"),
        ("麻" * 301, "at most 300"),
    ],
)
def test_a_word_that_is_written_wrong_is_refused(written: str, why: str):
    with pytest.raises(ValidationError, match=why):
        TriageRow(tier="act", locale="zh-CN", any=(written,))


@pytest.mark.parametrize(("written", "at"), [("(割|划", 1), ("割|划", 2), ("过敏*", 3), ("漏电，触电", 3)])
def test_it_is_said_from_which_character_on_a_word_is_not_understood(written: str, at: int):
    with pytest.raises(ValidationError) as refusal:
        TriageRow(tier="act", locale="zh-CN", any=(written,))
    assert refusal.value.errors()[0]["ctx"]["error"].values == {"at": at}


@pytest.mark.parametrize("written", ["漏电保护", "~~", "~和~", "~", "…~"])
def test_an_exception_says_once_where_the_word_stands_and_what_is_beside_it(written: str):
    with pytest.raises(ValidationError, match=r"exception_without_its_word|nothing_sure|gaps_misplaced"):
        scan({"any": ["漏电"], "unless": [written]})
    with pytest.raises(ValidationError):
        scan(unless=(written,))


def test_a_row_has_words_and_a_known_tier():
    for wrong in ({"any": []}, {"any": ["漏电"], "tier": "panic"}, {"any": ["漏电"], "locale": "zh-HK"}):
        with pytest.raises(ValidationError):
            scan(wrong)


def test_what_the_keyboard_makes_of_the_signs_is_understood():
    row = {"any": ["（割｜划）到……手"], "unless": ["～套"]}
    assert found("割到我的手", row) == ["（割｜划）到……手"]
    assert found("割到手套", row) == []


# ---- how people type -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "食物中毒", "食 物 中 毒", "食.物.中.毒", "食、物、中、毒！！！", "食物\u200b中毒", "食*物*中*毒",
        "😭😭食物中毒😭😭", "昨天晚上 食物中毒", "ＦＯＯＤ ＰＯＩＳＯＮＩＮＧ", "food   poisoning", "food\tpoisoning",
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_typed(text: str):
    assert OPERATING.dangers(text)[0].tier == "act"


@pytest.mark.parametrize(
    "text", ["漏电", "漏電", "起火", "著火", "着火", "冒煙", "冒烟", "紅腫", "红肿", "煤氣味", "煤气味"]
)
def test_the_script_makes_no_difference(text: str):
    assert [one.tier for one in OPERATING.dangers(text)][:1] == ["act"]


@pytest.mark.parametrize(
    "text",
    [
        "My kid 拉肚子 for two days", "插上就 caught fire 了", "宝宝 allergic reaction，全身都是", "打開就聞到煤气味",
        "the 充电宝 exploded 了", "吃完 food poisoning",
    ],
)  # fmt: skip
def test_people_mix_languages(text: str):
    assert OPERATING.dangers(text)[0].tier == "act"


def test_spaces_part_clauses_where_people_type_no_commas():
    assert found("舌头大 全身麻", {"any": ["舌头…麻"]}) == []
    assert found("burned my hand", {"any": ["burned my hand"]}) == ["burned my hand"]


# ---- what is found ---------------------------------------------------------------------------------------------------


def test_what_is_found_is_named_as_it_is_written_once_and_in_its_highest_tier():
    rows = {"any": ["痒", "过敏"], "tier": "skin"}, {"any": ["中毒", "过敏"], "tier": "look"}, {"any": ["食物中毒"]}
    assert scan(*rows).dangers("食物中毒，痒，过敏，食物中毒") == (
        Found("act", "食物中毒"),
        Found("look", "中毒"),
        Found("look", "过敏"),
        Found("skin", "痒"),
    )


def test_where_there_are_no_words_of_triage_nothing_is_found():
    assert Operating(version=2, effective_from=FRIDAY).dangers("着火了") == ()


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "😭", "a", "伤"])
def test_of_nothing_nothing_is_found(text: str):
    assert OPERATING.dangers(text, text) == ()


# ---- the product's name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "text"),
    [
        ("漏电保护器", "收到的时候盒子凹了"),
        ("漏电保护器", "漏电保护器外壳凹了一块"),
        ("漏電保護器", "漏电保护器盒子破了"),
        ("防触电插座", "防触电插座少发了一个"),
        ("anti-allergy pillow", "The anti-allergy pillow is too thin"),
        ("火灾逃生面具", "火灾逃生面具的带子断了"),
        ("食物中毒急救包", "这个食物中毒急救包少了说明书"),
        ("Fire Starter: Burst into Flames (paperback)", "I never got Fire Starter: Burst into Flames (paperback)"),
    ],
)
def test_a_product_is_no_danger_by_its_name(product: str, text: str):
    assert OPERATING.dangers(text, product) == ()


@pytest.mark.parametrize(
    ("product", "text"),
    [
        ("漏电保护器", "漏电保护器装上以后外壳漏电"),
        ("食物中毒急救包", "用了食物中毒急救包里的药，食物中毒了"),
        ("吹风机冒烟", "吹风机冒烟"),
        ("漏电", "漏电"),
    ],
)
def test_what_happens_to_a_product_with_such_a_name_is_seen(product: str, text: str):
    assert OPERATING.dangers(text, product)[0].tier == "act"


def test_the_products_name_is_a_context_of_what_is_said():
    assert [OPERATING.dangers("用了两次就炸了", product)[:1] != () for product in ("钢化玻璃杯", "爆米花")] == [
        True,
        False,
    ]


# ---- the three cases of before, and what is filed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("为什么我感觉吃完嘴和舌头发麻？", "act"),
        ("噪音大 燃气的味道浓 没有热水出", "act"),
        ("寄来两个又小又发霉的瓜", "look"),
        ("孩子今天住院了，食物中毒", "act"),
    ],
)
def test_what_the_list_of_before_missed_is_found(text: str, tier: str):
    assert OPERATING.dangers(text)[0].tier == tier


# ---- what it costs ---------------------------------------------------------------------------------------------------


def test_nothing_is_made_ready_before_somebody_says_something():
    made = Operating.model_validate_json(OPERATING.model_dump_json())
    assert "_scan" not in made.__dict__
    made.dangers("充不进电")
    ready = made.__dict__["_scan"]
    made.dangers("漏电")
    assert made.__dict__["_scan"] is ready


HOSTILE = [
    "漏电保护",
    "割到",
    "会不会",
    "爆炸优惠",
    "(((",
    "食 ",
    "怕漏电",
    "burn my ",
    "trip the ",
    "气得冒烟",
    "手",
    "a",
    "\u200b",
]


@pytest.mark.parametrize("again", HOSTILE)
def test_whoever_says_the_same_for_5000_characters_costs_no_more_than_in_proportion(again: str):
    half, whole = (again * 5_000)[:2_500], (again * 5_000)[:5_000]
    OPERATING.dangers(whole, whole)  # what is looked for is made ready
    costs = [effort(lambda text=text: OPERATING.dangers(text, text[:200])) for text in (half, whole)]  # type: ignore[misc]
    assert costs[1] <= 2.2 * costs[0] + 2_000
    assert costs[1] < 1_000_000


def test_no_pattern_can_go_back_over_more_than_a_clause():
    """Whatever repeats is bounded, or possessive: `[a-z]*+`."""
    OPERATING.dangers("x")
    ready = OPERATING.__dict__["_scan"]
    for _, sought in [pair for pairs in ready._by_sign.values() for pair in pairs]:
        source = sought._pattern.pattern.replace("[a-z]*+", "")
        assert "*" not in source.replace("\\*", "")
        assert "+" not in source.replace("\\+", "")
